import { randomUUID } from 'node:crypto'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { manifestKey } from '../../core/layout.ts'
import { manifestMetadata } from '../../core/manifest-metadata.ts'
import { decodeManifest, EMPTY_MANIFEST, encodeManifest, type Manifest } from '../../core/manifest.ts'
import type { ManifestHead } from '../../aws/day-state.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import type { StoredManifest } from './ledger.ts'

/** Result of {@link readManifest} for a day whose manifest has never been written. */
export const NO_MANIFEST: StoredManifest = {
  manifest: EMPTY_MANIFEST,
  etag: undefined,
  ageSeconds: 0,
  answeredAt: Number.NaN,
}

/**
 * Reads the manifest of a day; {@link NO_MANIFEST} if none has been written.
 *
 * @throws DayfoldError CorruptState if it cannot be read
 */
export async function readManifest(data: Bucket, { dataset, date }: DatasetDay): Promise<StoredManifest> {
  const key = manifestKey(dataset, date)
  const object = await readObject(data, key)
  if (!object) return NO_MANIFEST
  const { etag, ageSeconds, answeredAt } = object
  return { manifest: decodeManifest(object.body, key), etag, ageSeconds, answeredAt }
}

/**
 * Writes the manifest of a day if it is still the one that was read. Returns the new ETag, or undefined if another
 * writer was first. If an answer gets lost, the SDK's second attempt is refused because of its own first one: a random
 * text in the manifest, `write`, shows that.
 *
 * @param expected ETag of the manifest that was read; undefined if there was none
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
 * Returns the number of the next generation of a day: higher than any that was published, begun or given up, because
 * file names contain it and must never recur.
 */
export function nextGenerationNumber({ published, intent, spentGeneration }: Manifest): number {
  const opened = intent && 'next' in intent ? intent.next.generation : 0
  return Math.max(published?.generation ?? 0, opened, spentGeneration ?? 0) + 1
}

/** Returns the attempt's token and the ISO time of the published generation; undefined if nothing is published. */
export function publishedOf(
  head: ManifestHead | undefined,
): { readonly attempt: string; readonly publishedAt: string } | undefined {
  if (!head || head.metadata.attempt === '') return undefined
  return { attempt: head.metadata.attempt, publishedAt: head.metadata['published-at'] }
}
