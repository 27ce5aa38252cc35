import { randomUUID } from 'node:crypto'
import type { DatasetDay } from '../../core/execution-input.ts'
import { manifestKey } from '../../core/layout.ts'
import { manifestMetadata } from '../../core/manifest-metadata.ts'
import { decodeManifest, EMPTY_MANIFEST, encodeManifest, type Manifest } from '../../core/manifest.ts'
import type { ManifestHead } from '../../aws/day-state.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import type { StoredManifest } from './ledger.ts'

/** The result of {@link readManifest} where no manifest has been written. */
export const NO_MANIFEST: StoredManifest = {
  manifest: EMPTY_MANIFEST,
  etag: undefined,
  ageSeconds: 0,
  answeredAt: Number.NaN,
}

/**
 * Reads the manifest of a day; an empty one where none has been written.
 *
 * @throws DayfoldError CorruptState for one that cannot be read
 */
export async function readManifest(data: Bucket, { dataset, date }: DatasetDay): Promise<StoredManifest> {
  const key = manifestKey(dataset, date)
  const object = await readObject(data, key)
  if (!object) return NO_MANIFEST
  const { etag, ageSeconds, answeredAt } = object
  return { manifest: decodeManifest(object.body, key), etag, ageSeconds, answeredAt }
}

/**
 * Writes the manifest of a day over exactly the one that was read. Returns its ETag, or undefined where another writer
 * was first. If an answer gets lost, the SDK's second try meets its own first one: a nonce in the body tells.
 *
 * @param expected ETag of the manifest that was read; undefined for none
 */
export async function writeManifest(
  data: Bucket,
  day: DatasetDay,
  manifest: Manifest,
  expected: string | undefined,
): Promise<string | undefined> {
  const write = randomUUID()
  const etag = await putObject(
    data,
    manifestKey(day.dataset, day.date),
    encodeManifest({ ...manifest, write }),
    {
      contentType: 'application/gzip',
      metadata: { ...manifestMetadata(manifest) },
      onlyOver: expected ?? 'absent',
    },
  )
  if (etag !== undefined) return etag
  const stored = await readManifest(data, day)
  return stored.manifest.write === write ? stored.etag : undefined
}

/**
 * Returns the generation number for the next work on a day: higher than any used before, as names of files follow from
 * it.
 */
export function nextGenerationNumber({ published, intent, spentGeneration }: Manifest): number {
  const opened = intent && 'next' in intent ? intent.next.generation : 0
  return Math.max(published?.generation ?? 0, opened, spentGeneration ?? 0) + 1
}

/** Returns token and ISO time of the published generation; undefined where none is published. */
export function publishedOf(
  head: ManifestHead | undefined,
): { readonly attempt: string; readonly publishedAt: string } | undefined {
  if (!head || head.metadata.attempt === '') return undefined
  return { attempt: head.metadata.attempt, publishedAt: head.metadata['published-at'] }
}
