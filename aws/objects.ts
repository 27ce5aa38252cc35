import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { setTimeout as sleep } from 'node:timers/promises'

/** A bucket and the client that speaks to it. */
export interface Bucket {
  readonly s3: S3Client
  readonly name: string
}

/** What S3 says about an object without its content. */
export interface ObjectHead {
  /** Quotes removed. */
  readonly etag: string
  readonly metadata: Readonly<Record<string, string>>
  /** Seconds since the object was written, by S3's own clock. */
  readonly ageSeconds: number
}

export interface StoredObject extends ObjectHead {
  readonly body: Uint8Array
}

/** An object in a listing. */
export interface ListedObject {
  readonly key: string
  readonly etag: string
  /** Bytes. */
  readonly size: number
}

/** The object with its whole content, or undefined when there is none. */
export async function readObject(bucket: Bucket, key: string): Promise<StoredObject | undefined> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: key })
  const answeredAt = watchDate(command)
  try {
    const answer = await bucket.s3.send(command)
    return { ...headOf(answer, answeredAt()), body: await answer.Body!.transformToByteArray() }
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

/** What S3 says about the object, or undefined when there is none. */
export async function headObject(bucket: Bucket, key: string): Promise<ObjectHead | undefined> {
  const command = new HeadObjectCommand({ Bucket: bucket.name, Key: key })
  const answeredAt = watchDate(command)
  try {
    return headOf(await bucket.s3.send(command), answeredAt())
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

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
  const condition = onlyOver === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: onlyOver && `"${onlyOver}"` }
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
    return bare(answer.ETag)
  }, MOVED_OR_GONE)
}

/** Deletes the object if it still is the one with that ETag. */
export async function deleteUnmoved(bucket: Bucket, key: string, etag: string): Promise<boolean> {
  const deleted = await unlessConditionFails(async () => {
    await bucket.s3.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key, IfMatch: `"${etag}"` }))
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
 * Copies an object of at most 5 GB within the bucket to a name that is not taken: where it is, nothing happens.
 * False when there is nothing to copy.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function copyToNewName(bucket: Bucket, from: string, to: string): Promise<boolean> {
  try {
    await unlessConditionFails(async () => {
      await bucket.s3.send(
        new CopyObjectCommand({
          Bucket: bucket.name,
          Key: to,
          CopySource: encodeURIComponent(`${bucket.name}/${from}`),
          IfNoneMatch: '*',
        }),
      )
      return true
    }, TAKEN)
    return true
  } catch (error) {
    if (statusOf(error) === 404) return false
    throw error
  }
}

/** The objects below a prefix in the order of their keys' UTF-8 bytes. Holds a page of 1,000. */
export async function* listObjects(bucket: Bucket, prefix: string): AsyncGenerator<ListedObject> {
  let token: string | undefined
  do {
    const page = await bucket.s3.send(
      new ListObjectsV2Command({ Bucket: bucket.name, Prefix: prefix, ContinuationToken: token }),
    )
    for (const { Key, ETag, Size } of page.Contents ?? []) {
      yield { key: Key!, etag: bare(ETag), size: Size! }
    }
    token = page.NextContinuationToken
  } while (token)
}

/** The "folders" directly below a prefix, each with its slash. */
export async function* listPrefixes(bucket: Bucket, prefix: string): AsyncGenerator<string> {
  let token: string | undefined
  do {
    const page = await bucket.s3.send(
      new ListObjectsV2Command({
        Bucket: bucket.name,
        Prefix: prefix,
        Delimiter: '/',
        ContinuationToken: token,
      }),
    )
    for (const { Prefix } of page.CommonPrefixes ?? []) yield Prefix!
    token = page.NextContinuationToken
  } while (token)
}

/** The condition does not hold: the object is another one, or there is none to be the one. */
const MOVED_OR_GONE: readonly number[] = [412, 404]
/** The condition does not hold: the name is taken. */
const TAKEN: readonly number[] = [412]
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

/** HTTP status of what the SDK threw, if there was an answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}

interface HeadAnswer {
  readonly ETag?: string | undefined
  readonly LastModified?: Date | undefined
  readonly Metadata?: Record<string, string> | undefined
}

function headOf(answer: HeadAnswer, answeredAt: number): ObjectHead {
  const ageSeconds = (answeredAt - answer.LastModified!.getTime()) / 1000
  return { etag: bare(answer.ETag), metadata: answer.Metadata ?? {}, ageSeconds }
}

const bare = (etag: string | undefined) => etag!.replaceAll('"', '')

/** Milliseconds since 1970 at which S3 answered a command, by its own clock: the Date header of the answer. */
function watchDate(command: GetObjectCommand | HeadObjectCommand): () => number {
  let answeredAt = Number.NaN
  const stack = command.middlewareStack as GetObjectCommand['middlewareStack']
  stack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { headers } = result.response as { headers: Record<string, string> }
      answeredAt = Date.parse(headers['date'] ?? '')
      return result
    },
    { step: 'deserialize', name: 'watchDate', priority: 'low' },
  )
  return () => answeredAt
}
