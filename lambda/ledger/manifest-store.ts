import { randomUUID } from 'node:crypto'
import type { DatasetDay } from '../../core/execution-input.ts'
import { decodeJsonGzip, encodeJsonGzip } from '../../core/json.ts'
import { manifestKey } from '../../core/layout.ts'
import { inputsDigest, type Manifest, type ManifestMetadata } from '../../core/manifest.ts'
import type { ManifestHead } from '../../aws/day-state.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import type { StoredManifest } from './ledger.ts'

/** What is read where no manifest has been written. */
export const NO_MANIFEST: StoredManifest = {
  manifest: { published: null, intent: null },
  etag: undefined,
  ageSeconds: 0,
}

/** The manifest of a day, empty where none has been written. */
export async function readManifest(data: Bucket, { dataset, date }: DatasetDay): Promise<StoredManifest> {
  const key = manifestKey(dataset, date)
  const object = await readObject(data, key)
  if (!object) return NO_MANIFEST
  const manifest = decodeJsonGzip(object.body, key) as Manifest
  return { manifest, etag: object.etag, ageSeconds: object.ageSeconds }
}

/**
 * Writes the manifest of a day if the one there is still the one that was read; gives its ETag, or undefined where
 * another writer was first. An answer may get lost on its way, and the SDK's second try then meets its own first:
 * the nonce in the body tells.
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
    encodeJsonGzip({ ...manifest, write }),
    {
      contentType: 'application/gzip',
      metadata: { ...metadataOf(manifest) },
      onlyOver: expected ?? 'absent',
    },
  )
  if (etag !== undefined) return etag
  const stored = await readManifest(data, day)
  return stored.manifest.write === write ? stored.etag : undefined
}

/** What stands in the manifest's user metadata, so that a HEAD is enough for a day without news. */
export function metadataOf({ published, intent }: Manifest): ManifestMetadata {
  return {
    inputs: published ? inputsDigest(published.inputs) : '',
    'feature-version': published?.featureVersion ?? '',
    generation: String(published?.generation ?? 0),
    attempt: published?.attempt ?? '',
    intent: intent ? 'yes' : 'no',
    'small-parts': String(published?.smallParts ?? 0),
    rows: String(published?.totals.rows ?? 0),
    files: String(published?.totals.files ?? 0),
    rejected: String(published?.totals.rejected ?? 0),
    'published-at': published?.publishedAt ?? '',
  }
}

/** The generation that the next work on a day makes: names of files are never used twice. */
export function nextGeneration({ published, intent, spentGeneration }: Manifest): number {
  return Math.max(published?.generation ?? 0, intent?.next.generation ?? 0, spentGeneration ?? 0) + 1
}

/** Token and time of the published generation as a HEAD tells them; undefined where none is published. */
export function publishedOf(
  head: ManifestHead | undefined,
): { readonly attempt: string; readonly publishedAt: string } | undefined {
  if (!head || head.metadata.attempt === '') return undefined
  return { attempt: head.metadata.attempt, publishedAt: head.metadata['published-at'] }
}
