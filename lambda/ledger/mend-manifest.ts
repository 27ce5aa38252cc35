import { listObjects } from '../../aws/list-objects.ts'
import { readObject } from '../../aws/objects.ts'
import { olderContents } from '../../aws/versions.ts'
import { copyToNewName } from '../../aws/write-objects.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import {
  dayReplacementsPrefix,
  folderOf,
  generationOf,
  manifestKey,
  partitionPrefix,
  unreadableManifestKey,
} from '../../core/layout.ts'
import { decodeManifest, type Manifest } from '../../core/manifest.ts'
import { putAwayEntry } from './away-entries.ts'
import type { Ledger } from './ledger.ts'
import { writeManifest } from './manifest-store.ts'

/**
 * Replaces a manifest that is missing or unreadable by its newest older version that can be read. If there is none and
 * `mayBeginAnew` is true, writes a manifest without a published generation that lists every file found as replaced:
 * nothing is deleted before the day is published again. An unreadable manifest is copied aside first.
 *
 * @returns true if the manifest can be read now; false if there is no older version and none may be begun, or another
 * writer was first
 */
export async function mendManifest(
  ledger: Ledger,
  day: DatasetDay,
  { mayBeginAnew }: { readonly mayBeginAnew: boolean },
): Promise<boolean> {
  const { data } = ledger
  const key = manifestKey(day.dataset, day.date)
  const found = await readObject(data, key)
  // Somebody else has written a readable one in the meantime.
  if (found && !((await orCorrupt(() => decodeManifest(found.body, key))) instanceof DayfoldError))
    return true
  const manifest =
    (await olderManifest(ledger, key)) ?? (mayBeginAnew ? await newManifest(ledger, day) : undefined)
  if (!manifest) return false
  if (found) {
    const aside = unreadableManifestKey(day.dataset, day.date, found.etag)
    await copyToNewName(data, { from: key, to: aside, bytes: found.size }, found.etag)
  }
  if (manifest.retired?.length) await putAwayEntry(data, day)
  return (await writeManifest(data, day, manifest, found?.etag)) !== undefined
}

/**
 * Finds the newest older version that can be read. Takes over its intent: the former holder has gone on since, or has
 * died.
 */
async function olderManifest({ data, holder }: Ledger, key: string): Promise<Manifest | undefined> {
  for await (const content of olderContents(data, key)) {
    try {
      const { intent, ...older } = decodeManifest(content, key)
      return { ...older, intent: intent && { ...intent, holder } }
    } catch {
      // Unreadable as well: try the next older one.
    }
  }
  return undefined
}

async function newManifest({ data }: Ledger, { dataset, date }: DatasetDay): Promise<Manifest> {
  const folders = new Map<string, string[]>()
  let spentGeneration = 0
  for (const prefix of [partitionPrefix(dataset, date), dayReplacementsPrefix(dataset, date)]) {
    for await (const { key } of listObjects(data, prefix)) {
      const folder = folderOf(dataset, date, key)
      folders.set(folder, [...(folders.get(folder) ?? []), key])
      spentGeneration = Math.max(spentGeneration, generationOf(key) ?? 0)
    }
  }
  const retired = [...folders].map(([prefix, keys]) => ({ prefix, keys }))
  return { published: null, intent: null, retired, spentGeneration }
}
