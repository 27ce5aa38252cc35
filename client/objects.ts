import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string
  readonly etag: string
  /** Bytes. */
  readonly size: number
}

/** The objects below a prefix, in key order; holds one page of the listing. */
export async function* listObjects(
  s3: S3Client,
  bucket: string,
  prefix: string,
  startAfter?: string,
): AsyncGenerator<ListedObject> {
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: prefix, ...(startAfter !== undefined && { StartAfter: startAfter }) },
  )
  for await (const page of pages) {
    for (const { Key, ETag, Size } of page.Contents ?? []) {
      yield { key: Key!, etag: ETag ?? '', size: Size ?? 0 }
    }
  }
}

/** The bytes of an object, or undefined when there is none; holds them whole. */
export async function getBytes(s3: S3Client, bucket: string, key: string): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return await Body!.transformToByteArray()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** The JSON value of an object, or undefined when there is none. */
export async function getJson<T>(s3: S3Client, bucket: string, key: string): Promise<T | undefined> {
  const bytes = await getBytes(s3, bucket, key)
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as T)
}

/** True for S3's answer about an object that is not there: HEAD has no body that could say NoSuchKey. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound')
}
