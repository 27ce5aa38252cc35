import { decodeAttempt, type Attempt } from '../core/attempt.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import { attemptKey, manifestKey } from '../core/layout.ts'
import { decodeManifestMetadata, type ManifestMetadata } from '../core/manifest-metadata.ts'
import { headObject, readObject, type Bucket } from './objects.ts'

/** What a HEAD of a manifest tells. */
export interface ManifestHead {
  readonly etag: string
  readonly ageSeconds: number
  readonly metadata: ManifestMetadata
}

/** Asks what a HEAD tells of the manifest of a day; undefined where none has been written. */
export async function headManifest(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<ManifestHead | undefined> {
  const head = await headObject(data, manifestKey(dataset, date))
  return head && { ...head, metadata: decodeManifestMetadata(head.metadata) }
}

/** The newest attempt at a day as it was read. */
export interface StoredAttempt {
  readonly attempt: Attempt
  readonly etag: string
}

/** Reads the newest attempt at a day; undefined where none was made. */
export async function readAttempt(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<StoredAttempt | undefined> {
  const key = attemptKey(dataset, date)
  const object = await readObject(data, key)
  return object && { attempt: decodeAttempt(object.body, key), etag: object.etag }
}
