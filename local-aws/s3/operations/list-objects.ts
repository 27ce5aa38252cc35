import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ObjectStorageClass,
} from '@aws-sdk/client-s3'
import { AwsError, notImplemented } from '../../protocol/aws-error.ts'
import { whole } from '../../protocol/shapes.ts'
import { listAccess } from '../accesses.ts'
import { s3Operation } from '../operation.ts'
import { restoreExpiry, storageClassOf } from '../storage/archive.ts'
import { AFTER_ALL, walk, type ListedOnly } from '../storage/list.ts'
import type { Store, StoredObject } from '../storage/store.ts'

const MOST_KEYS = 1000

/**
 * Serves ListObjectsV2, with up to 1,000 keys per page, in the order of their UTF-8 bytes. The only delimiter is `/`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export const listObjectsV2 = s3Operation(ListObjectsV2Command, {
  served: {
    Prefix: true,
    Delimiter: true,
    ContinuationToken: true,
    StartAfter: true,
    MaxKeys: whole(0, Number.MAX_SAFE_INTEGER),
    EncodingType: true,
    OptionalObjectAttributes: true,
  },
  accesses: ({ Bucket, Prefix = '' }) => [listAccess(Bucket, Prefix)],
  run(input, { store, clock, listings }) {
    const { Bucket, Prefix = '', Delimiter, StartAfter, ContinuationToken, EncodingType } = input
    const MaxKeys = checkInput(input)
    const asksForRestores = input.OptionalObjectAttributes?.includes('RestoreStatus') ?? false
    const after = ContinuationToken === undefined ? (StartAfter ?? '') : decodeToken(ContinuationToken)
    const folders = Delimiter !== undefined
    const listed = listings[Bucket]
    const { objects, prefixes, next } = listed
      ? readListed(listed(Prefix, after), MaxKeys)
      : readPage(store, Bucket, walk(store.tree, Bucket, { prefix: Prefix, after, folders }), MaxKeys)
    const encode = EncodingType === 'url' ? encodeKey : (text: string) => text
    const encoded = (text: string | undefined) => (text === undefined ? undefined : encode(text))
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      Delimiter: encoded(Delimiter),
      StartAfter: encoded(StartAfter),
      ContinuationToken,
      NextContinuationToken: next,
      KeyCount: objects.length + prefixes.length,
      MaxKeys,
      EncodingType,
      IsTruncated: next !== undefined,
      Contents: objects.map(([key, object]) => ({
        Key: encode(key),
        LastModified: new Date(object.lastModified),
        ETag: `"${object.etag}"`,
        Size: object.size,
        StorageClass: storageClassOf(object) as ObjectStorageClass,
        RestoreStatus: asksForRestores ? restoreStatus(object, clock.now()) : undefined,
      })),
      CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    }
  },
})

/**
 * Returns the restore status of an object; undefined without a valid restored copy.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreStatus.html
 */
function restoreStatus(object: Described, now: number) {
  const RestoreExpiryDate = restoreExpiry(object, now)
  return RestoreExpiryDate && { IsRestoreInProgress: false, RestoreExpiryDate }
}

/**
 * Returns the number of keys to answer with at most.
 *
 * @throws AwsError NotImplemented for another delimiter than `/` or another encoding than `url`
 */
function checkInput(
  input: Pick<ListObjectsV2CommandInput, 'Delimiter' | 'EncodingType' | 'MaxKeys'>,
): number {
  const { Delimiter, EncodingType, MaxKeys = MOST_KEYS } = input
  if (Delimiter !== undefined && Delimiter !== '/') throw notImplemented(`the delimiter "${Delimiter}"`)
  if (EncodingType !== undefined && EncodingType !== 'url')
    throw notImplemented(`the encoding type "${String(EncodingType)}"`)
  return Math.min(MaxKeys, MOST_KEYS)
}

type Described = Pick<StoredObject, 'size' | 'etag' | 'lastModified' | 'meta'>

interface Page {
  readonly objects: readonly (readonly [string, Described])[]
  readonly prefixes: readonly string[]
  /** Continuation token; undefined on the last page. */
  readonly next: string | undefined
}

function readPage(store: Store, bucket: string, keys: Iterable<string>, maxKeys: number): Page {
  const objects: [string, StoredObject][] = []
  const prefixes: string[] = []
  let last = ''
  for (const key of maxKeys === 0 ? [] : keys) {
    const object = key.endsWith('/') ? undefined : store.find(bucket, key)
    // The file may have vanished since the folder was listed.
    if (!object && !key.endsWith('/')) continue
    if (objects.length + prefixes.length === maxKeys) {
      return { objects, prefixes, next: tokenOf(last) }
    }
    if (object) objects.push([key, object])
    else prefixes.push(key)
    last = object ? key : key + AFTER_ALL
  }
  return { objects, prefixes, next: undefined }
}

/** Returns a page of objects that exist only in a listing. */
function readListed(listed: Iterable<ListedOnly>, maxKeys: number): Page {
  const objects: [string, Described][] = []
  for (const object of listed) {
    if (objects.length === maxKeys) return { objects, prefixes: [], next: tokenOf(objects.at(-1)?.[0] ?? '') }
    objects.push([object.key, object])
  }
  return { objects, prefixes: [], next: undefined }
}

const tokenOf = (key: string) => Buffer.from(key).toString('base64url')

function decodeToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString()
  if (token !== '' && Buffer.from(key).toString('base64url') === token) return key
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect.')
}

const PLAIN = /^[\w./~-]*$/

function encodeKey(key: string): string {
  if (PLAIN.test(key)) return key
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
