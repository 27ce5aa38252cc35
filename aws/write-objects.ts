import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareEtag, headObject, quotedEtag, statusOf, type Bucket } from './objects.ts'

/** Headers of a new object, and the condition on which it is written. */
export interface PutOptions {
  /** Media type. @default application/json */
  readonly contentType?: string
  /** User metadata. @default none */
  readonly metadata?: Readonly<Record<string, string>>
  /**
   * `absent` writes only if there is no object of that key. An ETag writes only if the object still has it.
   * @default any object is replaced
   */
  readonly onlyOver?: string
}

/** Writes an object and returns its ETag, without quotes; undefined if the condition `onlyOver` does not hold. */
export async function putObject(
  bucket: Bucket,
  key: string,
  body: string | Uint8Array,
  options: PutOptions = {},
): Promise<string | undefined> {
  const { contentType = 'application/json', metadata, onlyOver } = options
  const condition =
    onlyOver === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: onlyOver && quotedEtag(onlyOver) }
  return await unlessConditionFails(async () => {
    const answer = await bucket.s3.send(
      new PutObjectCommand({
        Bucket: bucket.name,
        Key: key,
        Body: body,
        ContentType: contentType,
        Metadata: metadata && { ...metadata },
        ...condition,
      }),
    )
    return bareEtag(answer.ETag)
  }, MOVED_OR_GONE)
}

/**
 * Deletes an object if it still has the given ETag. Returns true if it was deleted, false if it is gone or was
 * replaced.
 */
export async function deleteUnmoved(bucket: Bucket, key: string, etag: string): Promise<boolean> {
  const deleted = await unlessConditionFails(async () => {
    await bucket.s3.send(
      new DeleteObjectCommand({ Bucket: bucket.name, Key: key, IfMatch: quotedEtag(etag) }),
    )
    return true
  }, MOVED_OR_GONE)
  return deleted ?? false
}

/**
 * Deletes objects, 1,000 per request. A key without an object is no error.
 *
 * @throws Error if S3 refuses one of them
 */
export async function deleteObjects(bucket: Bucket, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += 1000) {
    const Objects = keys.slice(start, start + 1000).map((Key) => ({ Key }))
    const answer = await bucket.s3.send(
      new DeleteObjectsCommand({ Bucket: bucket.name, Delete: { Objects, Quiet: true } }),
    )
    const [failed] = answer.Errors ?? []
    if (failed) throw new Error(`Delete of ${failed.Key}: ${failed.Code}: ${failed.Message}`)
  }
}

/**
 * Copies an object of at most 5 GB within the bucket to a new key, and notes the attempt in the copy's metadata. If the
 * copy exists already, with the same size and attempt, it counts as made.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @param attempt token of the attempt
 * @returns ETag of the copy, without quotes; undefined if the source is missing, or another object has the key
 */
export async function copyToNewName(
  bucket: Bucket,
  { from, to, bytes }: { readonly from: string; readonly to: string; readonly bytes: number },
  attempt: string,
): Promise<string | undefined> {
  const command = new CopyObjectCommand({
    Bucket: bucket.name,
    Key: to,
    CopySource: copySource(bucket.name, from),
    MetadataDirective: 'REPLACE',
    Metadata: { attempt },
    IfNoneMatch: '*',
  })
  const copied = await unlessConditionFails(async () => {
    const answer = await bucket.s3.send(command)
    return bareEtag(answer.CopyObjectResult?.ETag)
  }, TAKEN_OR_GONE)
  if (copied !== undefined) return copied
  const head = await headObject(bucket, to)
  return head?.size === bytes && head.metadata['attempt'] === attempt ? head.etag : undefined
}

/** Spells bucket and key for the header of a copy: each segment encoded, the slashes kept. */
const copySource = (bucket: string, key: string) =>
  [bucket, ...key.split('/')].map(encodeURIComponent).join('/')

/** Answers of a conditional write or delete: the object is another one, or there is none. */
const MOVED_OR_GONE: readonly number[] = [412, 404]
/** Answers of a copy: the name is taken, or the source is missing. */
const TAKEN_OR_GONE: readonly number[] = [412, 404]
const MAX_CONFLICTS = 8

/**
 * Returns the result of `write`, or undefined when S3 answers that its condition does not hold. Tries again on 409,
 * which says that another write is under way and the outcome is open.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
async function unlessConditionFails<T>(
  write: () => Promise<T>,
  failures: readonly number[],
): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      const status = statusOf(error)
      if (failures.includes(status!)) return undefined
      if (status !== 409 || attempt >= MAX_CONFLICTS) throw error
      await sleep(Math.random() * 50 * 2 ** attempt)
    }
  }
}
