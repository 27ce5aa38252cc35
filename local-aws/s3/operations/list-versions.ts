import { ListObjectVersionsCommand, type DeleteMarkerEntry, type ObjectVersion } from '@aws-sdk/client-s3'
import { AwsError } from '../../protocol/aws-error.ts'
import { whole } from '../../protocol/shapes.ts'
import { listVersionsAccess } from '../accesses.ts'
import { s3Operation } from '../operation.ts'
import { compareKeys } from '../storage/key-order.ts'
import { walk } from '../storage/list.ts'
import type { Store } from '../storage/store.ts'
import { NULL_VERSION } from '../storage/versions.ts'

const MOST_KEYS = 1000

/** A version of an object, or a delete marker. */
interface Row {
  readonly key: string
  readonly versionId: string
  readonly entry: { readonly version: ObjectVersion } | { readonly marker: DeleteMarkerEntry }
}

/**
 * Serves ListObjectVersions. For every page it reads the names of all objects with the prefix into memory, so it suits
 * prefixes with few objects. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export const listObjectVersions = s3Operation(ListObjectVersionsCommand, {
  served: {
    Prefix: true,
    KeyMarker: true,
    VersionIdMarker: true,
    MaxKeys: whole(0, Number.MAX_SAFE_INTEGER),
  },
  accesses: ({ Bucket, Prefix = '' }) => [listVersionsAccess(Bucket, Prefix)],
  run({ Bucket, Prefix = '', KeyMarker, VersionIdMarker, MaxKeys = MOST_KEYS }, { store }) {
    if (VersionIdMarker !== undefined && KeyMarker === undefined)
      throw new AwsError('InvalidArgument', 'A version-id marker cannot be specified without a key marker.')
    const most = Math.min(MaxKeys, MOST_KEYS)
    const keys = keysOf(store, Bucket, Prefix).filter((key) => isAfter(key, KeyMarker, VersionIdMarker))
    const rows: Row[] = []
    for (const key of keys) {
      const found = rowsOf(store, Bucket, key)
      const at = key === KeyMarker ? found.findIndex(({ versionId }) => versionId === VersionIdMarker) + 1 : 0
      rows.push(...found.slice(at))
      if (rows.length > most) break
    }
    const page = rows.slice(0, most)
    const last = rows.length > most ? page.at(-1) : undefined
    return {
      Name: Bucket,
      Prefix,
      KeyMarker,
      VersionIdMarker,
      MaxKeys: most,
      IsTruncated: last !== undefined,
      NextKeyMarker: last?.key,
      NextVersionIdMarker: last?.versionId,
      Versions: page.flatMap(({ entry }) => ('version' in entry ? [entry.version] : [])),
      DeleteMarkers: page.flatMap(({ entry }) => ('marker' in entry ? [entry.marker] : [])),
    }
  },
})

function isAfter(key: string, keyMarker: string | undefined, versionIdMarker: string | undefined): boolean {
  if (keyMarker === undefined) return true
  const order = compareKeys(key, keyMarker)
  return order > 0 || (order === 0 && versionIdMarker !== undefined)
}

function keysOf(store: Store, bucket: string, prefix: string): string[] {
  const current = walk(store.tree, bucket, { prefix, after: '', folders: false })
  return [...new Set([...current, ...store.olderKeys(bucket, prefix)])].sort(compareKeys)
}

/** Returns the versions and delete markers of an object, newest first. */
function rowsOf(store: Store, bucket: string, Key: string): Row[] {
  const current = store.find(bucket, Key)
  // If a process was killed before it replaced an object, the version that it kept is still the current one.
  const older = store.older(bucket, Key).filter(({ versionId }) => versionId !== current?.versionId)
  const latest = current && { ...current, versionId: current.versionId ?? NULL_VERSION, object: current }
  return [...(latest ? [latest] : []), ...older].map(({ versionId, lastModified, object }, index) => {
    const shared = { Key, VersionId: versionId, LastModified: new Date(lastModified) }
    if (!object) return { key: Key, versionId, entry: { marker: { ...shared, IsLatest: index === 0 } } }
    const content = { ETag: `"${object.etag}"`, Size: object.size, StorageClass: 'STANDARD' as const }
    return {
      key: Key,
      versionId,
      entry: { version: { ...shared, ...content, IsLatest: object === current } },
    }
  })
}
