import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, rmSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { readJsonFileSync, writeJsonFileSync, type DocumentKind } from '../../home/json-file.ts'
import { removeEmptyFolders, type ObjectMeta } from './sidecars.ts'
import { isAbsent, statIfAny } from './stat.ts'

/** A bucket that keeps older versions of objects, with its rules for deleting them. */
export interface VersionedBucket {
  readonly name: string
  /**
   * NoncurrentVersionExpiration of the bucket's lifecycle rules: for keys with a prefix, the days after which older
   * versions are deleted.
   */
  readonly expirations: readonly { readonly prefix: string; readonly days: number }[]
}

/** An older version as it is stored: what an object was before it was overwritten or deleted, or a delete marker. */
export interface OlderVersion {
  readonly versionId: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
  /** Description of the content; absent for a delete marker. */
  readonly content?: {
    /** ETag without quotes. */
    readonly etag: string
    /** Size in bytes. */
    readonly size: number
    readonly meta?: ObjectMeta | undefined
  }
}

/** The parts of an object that are needed to keep it as a version. */
interface Keepable extends NonNullable<OlderVersion['content']> {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
}

/**
 * Storage for older versions of objects. The newest three of each object are kept, as files of their own; contents
 * larger than 8 MiB are not kept at all.
 */
export interface Versions {
  /** Returns true if a bucket keeps versions. */
  isVersioned(bucket: string): boolean
  /**
   * Keeps the current content of an object as an older version. Must be called before the object is overwritten or
   * removed.
   */
  keep(bucket: string, key: string, object: Keepable): void
  /**
   * Adds a delete marker and returns its version id. Must be called after `keep` and before the object is removed.
   *
   * @param now milliseconds since 1970
   */
  mark(bucket: string, key: string, now: number): string
  /** Returns the older versions and delete markers of an object, newest first. */
  of(bucket: string, key: string): readonly OlderVersion[]
  /** Returns the path of the file with the content of an older version. */
  pathOf(bucket: string, key: string, versionId: string): string
  /** Yields the keys with a prefix of which there are older versions, unordered. */
  keys(bucket: string, prefix: string): Iterable<string>
  /**
   * Deletes older versions that have expired by the buckets' rules.
   *
   * @param now milliseconds since 1970
   */
  expire(now: number): void
}

const MOST_VERSIONS = 3
/** Bound of all entries, for an object that is deleted and written again and again. */
const MOST_ENTRIES = 2 * MOST_VERSIONS
const LARGEST_BYTES = 8 * 2 ** 20
const DAY_MS = 24 * 3600 * 1000
/** Version id, in a bucket that keeps versions, of an object that was written when it did not yet. */
export const NULL_VERSION = 'null'
/** No key in use has such a segment. */
const INDEX = '..versions.json'

const KIND: DocumentKind = {
  what: 'the older versions of an object',
  members: [],
  remedy: 'Delete its folder: the object stays, its older versions are gone.',
}

/** Returns a new random version id. */
export const newVersionId = () => randomBytes(24).toString('base64url')

/**
 * Opens the storage for older versions.
 *
 * @param root folder of the versions, on the file system of the objects
 */
export function createVersions(root: string, buckets: readonly VersionedBucket[]): Versions {
  const versioned = new Set(buckets.map(({ name }) => name))
  const folderOf = (bucket: string, key: string) => [root, bucket, key].join('/')
  const read = (folder: string) => readJsonFileSync<OlderVersion[]>(join(folder, INDEX), KIND) ?? []
  const versions: Versions = {
    isVersioned: (bucket) => versioned.has(bucket),
    keep(bucket, key, { path, etag, size, lastModified, meta }) {
      if (size > LARGEST_BYTES) return
      const folder = folderOf(bucket, key)
      const versionId = meta?.versionId ?? NULL_VERSION
      add(folder, { versionId, lastModified, content: { etag, size, meta } }, path)
    },
    mark(bucket, key, now) {
      const versionId = newVersionId()
      add(folderOf(bucket, key), { versionId, lastModified: now })
      return versionId
    },
    of: (bucket, key) => (versioned.has(bucket) ? read(folderOf(bucket, key)) : []),
    pathOf: (bucket, key, versionId) => join(folderOf(bucket, key), versionId),
    *keys(bucket, prefix) {
      if (!versioned.has(bucket)) return
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
      for (const key of walk(folderOf(bucket, folder), folder)) if (key.startsWith(prefix)) yield key
    },
    expire(now) {
      for (const { name, expirations } of buckets) {
        for (const { prefix, days } of expirations) {
          for (const key of versions.keys(name, prefix)) {
            const folder = folderOf(name, key)
            const changed = statIfAny(join(folder, INDEX))?.mtimeMs ?? now
            if (changed < now - days * DAY_MS) forget(folder, join(root, name))
          }
        }
      }
    },
  }

  /**
   * Adds a version and drops those beyond the limits.
   *
   * @param file content of the version; absent for a delete marker
   */
  function add(folder: string, version: OlderVersion, file?: string): void {
    const entries = [version, ...read(folder).filter(({ versionId }) => versionId !== version.versionId)]
    const kept = entries
      .filter((_, index) => entries.slice(0, index + 1).filter(hasContent).length <= MOST_VERSIONS)
      .slice(0, MOST_ENTRIES)
    mkdirSync(folder, { recursive: true })
    if (file !== undefined) {
      const target = join(folder, version.versionId)
      rmSync(target, { force: true })
      linkSync(file, target)
    }
    writeJsonFileSync(join(folder, INDEX), kept)
    for (const dropped of entries.filter((entry) => !kept.includes(entry)))
      rmSync(join(folder, dropped.versionId), { force: true })
  }

  function forget(folder: string, top: string): void {
    for (const { versionId } of read(folder)) rmSync(join(folder, versionId), { force: true })
    rmSync(join(folder, INDEX), { force: true })
    removeEmptyFolders(folder, top)
  }
  return versions
}

const hasContent = ({ content }: OlderVersion) => content !== undefined

/** Yields keys. A folder of an object's versions may contain those of other objects, with it as their prefix. */
function* walk(path: string, folder: string): Generator<string> {
  const entries = entriesOf(path)
  if (entries.some(({ name }) => name === INDEX)) yield folder.slice(0, -1)
  for (const entry of entries)
    if (entry.isDirectory()) yield* walk(`${path}/${entry.name}`, `${folder}${entry.name}/`)
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
