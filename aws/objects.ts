import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { Readable } from 'node:stream'

/** Name of a bucket, with the client that reaches it. */
export interface Bucket {
  readonly s3: S3Client
  readonly name: string
}

/** Facts that S3 returns about an object besides its content. */
export interface ObjectHead {
  /** Without quotes. */
  readonly etag: string
  /** User metadata, by lower-case name. */
  readonly metadata: Readonly<Record<string, string>>
  /** Bytes. */
  readonly size: number
  /** Seconds since the object was written, by S3's clock. */
  readonly ageSeconds: number
  /** Milliseconds since 1970 at which S3 answered, by its own clock. */
  readonly answeredAt: number
}

/** An object of S3 with its whole content. */
export interface StoredObject extends ObjectHead {
  /** Content of the object. */
  readonly body: Uint8Array
}

/** Reads a whole object into memory; undefined if there is none. */
export async function readObject(bucket: Bucket, key: string): Promise<StoredObject | undefined> {
  const found = await getObject(bucket, key)
  return found && { ...found.head, body: await found.body.transformToByteArray() }
}

/**
 * Reads an object of at most `maxBytes` into memory. A larger object is returned without its body, which is not read.
 * Undefined if there is no object.
 */
export async function readObjectUpTo(
  bucket: Bucket,
  key: string,
  maxBytes: number,
): Promise<(ObjectHead & { readonly body?: Uint8Array }) | undefined> {
  const found = await getObject(bucket, key)
  if (!found || found.head.size <= maxBytes)
    return found && { ...found.head, body: await found.body.transformToByteArray() }
  found.body.destroy()
  return found.head
}

/** Opens an object whose body the caller has to read or destroy; undefined when there is none. */
async function getObject(bucket: Bucket, key: string) {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: key })
  const answeredAt = watchDate(command)
  try {
    const answer = await bucket.s3.send(command)
    return { head: headOf(answer, answeredAt()), body: answer.Body as NodeJsBody }
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

/** Reads the facts about an object with a HEAD, without its content; undefined if there is none. */
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

/**
 * Reads an object and decodes its content; undefined if there is no object.
 *
 * @param decode gets the bytes and, for its error messages, the key
 * @throws DayfoldError CorruptState if `decode` throws it for content that it cannot read
 */
export async function readDocument<T>(
  bucket: Bucket,
  key: string,
  decode: (bytes: Uint8Array, key: string) => T,
): Promise<T | undefined> {
  const object = await readObject(bucket, key)
  return object && decode(object.body, key)
}

/**
 * Streams the content of an object if it still has the ETag with which it was listed.
 *
 * @throws S3ServiceException with status 412 if it has been replaced since, 404 if it is gone
 */
export async function openObject(
  bucket: Bucket,
  { key, etag }: { readonly key: string; readonly etag: string },
): Promise<Readable> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: key, IfMatch: quotedEtag(etag) })
  return (await bucket.s3.send(command)).Body as Readable
}

/**
 * Returns the HTTP status of the answer that an SDK error is about; undefined if there was no answer, or it is another
 * error.
 */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}

/** Removes the quotes from an ETag of an S3 answer. ETags are compared and stored without quotes here. */
export const bareEtag = (etag: string | undefined) => etag!.replaceAll('"', '')
/** Puts an ETag in quotes, as conditions of S3 requests need it. */
export const quotedEtag = (etag: string) => `"${etag}"`

/** A response body as the SDK gives it in Node.js. */
type NodeJsBody = Readable & { transformToByteArray(): Promise<Uint8Array> }

interface HeadAnswer {
  readonly ETag?: string | undefined
  readonly LastModified?: Date | undefined
  readonly Metadata?: Record<string, string> | undefined
  readonly ContentLength?: number | undefined
}

function headOf(answer: HeadAnswer, answeredAt: number): ObjectHead {
  const ageSeconds = (answeredAt - answer.LastModified!.getTime()) / 1000
  const { ETag, Metadata = {}, ContentLength } = answer
  return { etag: bareEtag(ETag), metadata: Metadata, size: ContentLength!, ageSeconds, answeredAt }
}

/**
 * Makes the command note when S3 answered it, by S3's clock (the Date header); returns a getter of that time in
 * milliseconds since 1970.
 */
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
