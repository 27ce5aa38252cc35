import { decodeAttempt, type Attempt } from '../core/attempt.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { attemptKey, manifestKey } from '../core/layout.ts'
import { decodeManifest, type Manifest } from '../core/manifest.ts'
import { decodeManifestMetadata, type ManifestMetadata } from '../core/manifest-metadata.ts'
import { headObject, readDocument, readObject, type Bucket, type ObjectHead } from './objects.ts'

/** Facts about a day's manifest that a HEAD returns, without its content. */
export interface ManifestHead {
  /** ETag without its quotes. */
  readonly etag: string
  /** Seconds since the manifest was written, by S3's clock. */
  readonly ageSeconds: number
  /** Milliseconds since 1970 at which S3 answered, by its own clock. */
  readonly answeredAt: number
  /** Summary of the manifest, stored as its user metadata. */
  readonly metadata: ManifestMetadata
}

/** Reads the metadata of a day's manifest with a HEAD; undefined if the day has no manifest. */
export async function headManifest(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<ManifestHead | undefined> {
  const head = await headObject(data, manifestKey(dataset, date))
  return head && { ...head, metadata: decodeManifestMetadata(head.metadata) }
}

/**
 * Reads the manifest of a day; undefined if the day has none.
 *
 * @throws DayfoldError CorruptState if it cannot be read
 */
export async function findManifest(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<Manifest | undefined> {
  return await readDocument(data, manifestKey(dataset, date), decodeManifest)
}

/** The newest attempt at a day, with the ETag that the next one must replace. */
export interface StoredAttempt {
  readonly attempt: Attempt
  /** ETag of the stored attempt, without quotes. */
  readonly etag: string
  /**
   * Error because of which the stored attempt cannot be read. `attempt` is a failed one in its stead.
   * @default it was read
   */
  readonly problem?: DayfoldError
}

/**
 * Reads the newest attempt at a day; undefined if there was none. If the stored attempt cannot be read, returns a
 * failed one that began just now, even for a published day. So other days carry on, and the next attempt replaces it.
 */
export async function readAttempt(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<StoredAttempt | undefined> {
  const key = attemptKey(dataset, date)
  const object = await readObject(data, key)
  if (!object) return undefined
  const attempt = await orCorrupt(() => decodeAttempt(object.body, key))
  if (!(attempt instanceof DayfoldError)) return { attempt, etag: object.etag }
  return { attempt: unreadable(attempt, object), etag: object.etag, problem: attempt }
}

function unreadable({ code, message }: DayfoldError, { answeredAt }: ObjectHead): Attempt {
  const startedAt = new Date(answeredAt).toISOString()
  const error = `${code}: ${message}`
  return { token: 'unreadable', kind: 'extend', execution: 'unreadable', startedAt, why: 'unreadable', error }
}
