import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, rmSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { readJsonFileSync, writeJsonFileSync, type DocumentKind } from '../../home/json-file.ts'
import { removeEmptyFolders, type ObjectMeta } from './sidecars.ts'
import { isAbsent, statIfAny } from './stat.ts'

/** A bucket whose VersioningConfiguration is Enabled. */
export interface VersionedBucket {
  readonly name: string
  /** NoncurrentVersionExpiration of its lifecycle rules: what lies under a prefix is kept for so many days. */
  readonly expirations: readonly { readonly prefix: string; readonly days: number }[]
}

/** What an object was before it was overwritten or deleted, or the marker of its deletion. */
export interface OlderVersion {
  readonly versionId: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
  /** Absent: a delete marker. */
  readonly content?: {
    /** Without quotes. */
    readonly etag: string
    /** Bytes. */
    readonly size: number
    readonly meta?: ObjectMeta | undefined
  }
}

/** An object, as far as its version is kept. */
interface Keepable extends NonNullable<OlderVersion['content']> {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
}

/**
 * Older versions of objects, as files of their own beside the metadata, the newest first. The last three of an object
 * are kept, of up to 8 MiB each: what is larger leaves nothing behind.
 */
export interface Versions {
  isVersioned(bucket: string): boolean
  /** To be called before an object is overwritten or removed. */
  keep(bucket: string, key: string, object: Keepable): void
  /** To be called, after `keep`, before an object is removed. Returns the id of the delete marker. */
  mark(bucket: string, key: string, now: number): string
  of(bucket: string, key: string): readonly OlderVersion[]
  pathOf(bucket: string, key: string, versionId: string): string
  /** Keys with older versions, in no order. */
  keys(bucket: string, prefix: string): Iterable<string>
  /** Forgets what lifecycle rules no longer keep. */
  expire(now: number): void
}

const MOST_VERSIONS = 3
/** Of an object that is deleted and written again and again. */
const MOST_ENTRIES = 2 * MOST_VERSIONS
const LARGEST_BYTES = 8 * 2 ** 20
const DAY_MS = 24 * 3600 * 1000
/** The id of an object that was written when its bucket had no versions. */
export const NULL_VERSION = 'null'
/** No key that anybody uses has such a segment. */
const INDEX = '..versions.json'

const KIND: DocumentKind = {
  what: 'the older versions of an object',
  members: [],
  remedy: 'Delete its folder: the object stays, its older versions are gone.',
}

/** An id that was not used before. */
export const newVersionId = () => randomBytes(24).toString('base64url')

/** @param root folder of the versions, on the file system of the objects */
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

  /** @param file what the version is, unless it is a delete marker */
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

/** A folder of an object's versions may hold those of other objects: one may have had the name of their folder. */
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
