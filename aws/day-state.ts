import { decodeAttempt, type Attempt } from '../core/attempt.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import { attemptKey, manifestKey } from '../core/layout.ts'
import { decodeManifest, type Manifest } from '../core/manifest.ts'
import { decodeManifestMetadata, type ManifestMetadata } from '../core/manifest-metadata.ts'
import { headObject, readDocument, readObject, type Bucket, type ObjectHead } from './objects.ts'

/** The facts about a manifest that a HEAD tells without its body. */
export interface ManifestHead {
  readonly etag: string
  readonly ageSeconds: number
  /** Milliseconds since 1970 at which S3 answered, by its own clock. */
  readonly answeredAt: number
  readonly metadata: ManifestMetadata
}

/** Reads the metadata of a day's manifest with a HEAD; undefined where none has been written. */
export async function headManifest(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<ManifestHead | undefined> {
  const head = await headObject(data, manifestKey(dataset, date))
  return head && { ...head, metadata: decodeManifestMetadata(head.metadata) }
}

/**
 * Reads the manifest of a day; undefined where none has been written.
 *
 * @throws DayfoldError CorruptState for one that cannot be read
 */
export async function findManifest(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<Manifest | undefined> {
  return await readDocument(data, manifestKey(dataset, date), decodeManifest)
}

/** The newest attempt at a day, with the ETag that its successor has to replace. */
export interface StoredAttempt {
  readonly attempt: Attempt
  readonly etag: string
  /** Set where the attempt cannot be read: `attempt` is then a stand-in. */
  readonly problem?: DayfoldError
}

/**
 * Reads the newest attempt at a day; undefined where none was made. One that cannot be read is taken for one that has
 * just failed, whatever is published, so that it harms no other day and the next attempt replaces it.
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
