import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareEtag, headObject, quotedEtag, statusOf, type Bucket } from './objects.ts'

export interface PutOptions {
  /** @default application/json */
  readonly contentType?: string
  readonly metadata?: Readonly<Record<string, string>>
  /**
   * `absent`: only where there is no object. An ETag: only over that object.
   * @default whatever is there is replaced
   */
  readonly onlyOver?: string
}

/** Writes an object; gives its ETag, or undefined where `onlyOver` did not hold. */
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

/** Deletes the object if it still is the one with that ETag. */
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
 * Deletes objects, 1,000 a call.
 *
 * @throws Error when S3 refuses one of them
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
 * Copies an object of at most 5 GB within the bucket to a name that is not taken, as one of an attempt's.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @returns ETag of the copy, made now or before; undefined when there is nothing to copy, or something else has the name
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

/** Bucket and key as the header of a copy spells them: each segment encoded, the slashes not. */
const copySource = (bucket: string, key: string) =>
  [bucket, ...key.split('/')].map(encodeURIComponent).join('/')

/** The condition does not hold: the object is another one, or there is none to be the one. */
const MOVED_OR_GONE: readonly number[] = [412, 404]
/** Nothing is copied: the name is taken, or there is no source. */
const TAKEN_OR_GONE: readonly number[] = [412, 404]
const MAX_CONFLICTS = 8

/**
 * What `write` returns, or undefined when S3 answers that its condition does not hold. 409 says that another write is
 * under way and nothing is known yet: it is tried again.
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
