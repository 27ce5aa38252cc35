import { paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { bareEtag, type Bucket } from './objects.ts'

/** An object in a listing. */
export interface ListedObject {
  readonly key: string
  /** Quotes removed. */
  readonly etag: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970, by S3's clock. */
  readonly modifiedAt: number
}

/**
 * Lists the objects below a prefix in the order of their keys' UTF-8 bytes. Holds a page of 1,000.
 *
 * @param startAfter only keys after this one. @default all
 */
export async function* listObjects(
  { s3, name }: Bucket,
  prefix: string,
  startAfter?: string,
): AsyncGenerator<ListedObject> {
  const request = { Bucket: name, Prefix: prefix, StartAfter: startAfter }
  for await (const page of paginateListObjectsV2({ client: s3 }, request)) {
    for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
      yield { key: Key!, etag: bareEtag(ETag), size: Size!, modifiedAt: LastModified!.getTime() }
    }
  }
}

/** Lists the "folders" directly below a prefix, each with its slash. */
export async function* listPrefixes({ s3, name }: Bucket, prefix: string): AsyncGenerator<string> {
  const request = { Bucket: name, Prefix: prefix, Delimiter: '/' }
  for await (const page of paginateListObjectsV2({ client: s3 }, request)) {
    for (const { Prefix } of page.CommonPrefixes ?? []) yield Prefix!
  }
}
