import { paginateListObjectsV2, type _Object } from '@aws-sdk/client-s3'
import { bareEtag, type Bucket } from './objects.ts'

/** An object as a listing of S3 shows it, without content and metadata. */
export interface ListedObject {
  readonly key: string
  /** Without quotes. */
  readonly etag: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970 at which the object was written, by S3's clock. */
  readonly modifiedAt: number
  /**
   * Storage class of an object that has to be restored before it can be read. Set only by listings `withRestores`.
   * @default it can be read
   */
  readonly archive?: string
}

/** Where a listing starts, and whether it asks for restored copies. */
export interface ListOptions {
  /** Only keys after this one. @default all */
  readonly startAfter?: string | undefined
  /** True if S3 is to say which archived objects have been restored, for `archive`. @default false */
  readonly withRestores?: boolean
}

/** Lists the objects below a prefix in the order of their keys' UTF-8 bytes. Holds one page of 1,000 in memory. */
export async function* listObjects(
  { s3, name }: Bucket,
  prefix: string,
  { startAfter, withRestores = false }: ListOptions = {},
): AsyncGenerator<ListedObject> {
  const asked = withRestores ? { OptionalObjectAttributes: ['RestoreStatus' as const] } : {}
  const request = { Bucket: name, Prefix: prefix, StartAfter: startAfter, ...asked }
  for await (const page of paginateListObjectsV2({ client: s3 }, request)) {
    for (const object of page.Contents ?? []) {
      const { Key, ETag, Size, LastModified } = object
      const listed = { key: Key!, etag: bareEtag(ETag), size: Size!, modifiedAt: LastModified!.getTime() }
      yield withRestores && isArchived(object) ? { ...listed, archive: object.StorageClass! } : listed
    }
  }
}

/**
 * True for an archived object without a restored copy.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreStatus.html
 */
function isArchived({ StorageClass, RestoreStatus }: _Object): boolean {
  if (StorageClass !== 'GLACIER' && StorageClass !== 'DEEP_ARCHIVE') return false
  return RestoreStatus?.RestoreExpiryDate === undefined || RestoreStatus.IsRestoreInProgress === true
}

/**
 * Lists the "folders" directly below a prefix: the prefixes up to the next slash, which is included, in the order of
 * their UTF-8 bytes.
 */
export async function* listPrefixes({ s3, name }: Bucket, prefix: string): AsyncGenerator<string> {
  const request = { Bucket: name, Prefix: prefix, Delimiter: '/' }
  for await (const page of paginateListObjectsV2({ client: s3 }, request)) {
    for (const { Prefix } of page.CommonPrefixes ?? []) yield Prefix!
  }
}
