import { linkSync, mkdirSync, renameSync, rmdirSync, statSync, unlinkSync, utimesSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../../clock.ts'
import { checkWrite, type WriteCondition } from './conditions.ts'
import { noSuchBucket } from '../errors.ts'
import {
  etagOfFile,
  identityOf,
  removeEmptyFolders,
  type FileIdentity,
  type ObjectMeta,
  type Sidecars,
} from './sidecars.ts'
import { statIfAny } from './stat.ts'
import type { TempFiles } from './temp-files.ts'
import { newVersionId, NULL_VERSION, type Versions } from './versions.ts'
import { notAFile, type Tree } from './tree.ts'

/** An object with one content, usually the current one. */
export interface StoredObject {
  /** Path of the file with the content. */
  readonly path: string
  /** Identity of that file, to notice that it was replaced. */
  readonly file: FileIdentity
  /** ETag without quotes. */
  readonly etag: string
  /** Size in bytes. */
  readonly size: number
  /** Milliseconds since 1970, always whole seconds, because S3 has no finer times. */
  readonly lastModified: number
  /** Metadata; undefined for a file that was put there by hand, not through S3. */
  readonly meta: ObjectMeta | undefined
  /** Version id; undefined in a bucket that does not keep versions. */
  readonly versionId: string | undefined
}

/** An older version of an object: an earlier content, or a delete marker. */
export interface Older {
  readonly versionId: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
  /** The earlier content; absent for a delete marker. */
  readonly object?: StoredObject
}

/**
 * All objects of the local S3. Every change is made synchronously, so that writers in this process come one after
 * another.
 */
export interface Store {
  readonly tree: Tree
  readonly temp: TempFiles
  /** Returns the current object at a key; undefined if there is none. */
  find(bucket: string, key: string): StoredObject | undefined
  /**
   * Returns the object for a file whose stats are known already, such as those of an open file, without looking at the
   * path again.
   */
  describe(bucket: string, key: string, path: string, stats: FileIdentity): StoredObject
  /**
   * Makes the file at `temporary` the new content of an object, atomically: readers see either the old content or the
   * new one.
   *
   * @throws AwsError PreconditionFailed or NoSuchKey if the condition does not hold, NotImplemented if one of the two
   * keys, of this object and of another, continues the other after a slash
   */
  commit(
    bucket: string,
    key: string,
    temporary: string,
    meta: ObjectMeta,
    condition: WriteCondition,
  ): StoredObject
  /** Replaces the headers in an object's metadata; does nothing for a file that was not written through S3. */
  describeAnew(bucket: string, key: string, object: StoredObject, headers: ObjectMeta['headers']): void
  /**
   * Removes an object, if the condition holds. Returns undefined if there was none. `marker` in the result is the
   * version id of the delete marker; undefined in a bucket that does not keep versions.
   */
  remove(
    bucket: string,
    key: string,
    condition: WriteCondition,
  ): { readonly marker: string | undefined } | undefined
  /** Returns the older versions of an object, newest first. */
  older(bucket: string, key: string): Older[]
  /** Returns the keys with a prefix of which there are older versions, unordered. */
  olderKeys(bucket: string, prefix: string): Iterable<string>
  /**
   * Checks that a bucket exists.
   *
   * @throws AwsError NoSuchBucket, InvalidBucketName
   */
  checkBucket(bucket: string): void
}

/** Options of {@link createStore}. */
export interface StoreOptions {
  readonly tree: Tree
  readonly sidecars: Sidecars
  readonly temp: TempFiles
  readonly versions: Versions
  /** Clock for the times of objects. Files that are written while it is ahead of this machine's clock get its time. */
  readonly clock: Clock
  /**
   * Objects written before the time `before`, in milliseconds since 1970, appear older by `seconds`.
   * @default all times are shown as they are
   */
  readonly aging?: { readonly before: number; readonly seconds: number } | undefined
  /** Called with a message if the machine's clock was set back. @default no call */
  readonly log?: ((line: string) => void) | undefined
}

/** Opens the store of all objects in all buckets. */
export function createStore(options: StoreOptions): Store {
  const { tree, sidecars, temp, versions, clock, aging, log } = options
  let wasSetBack = false

  /** A time in the future was written before a clock was set back, so it counts as before the start, too. */
  const timeOf = (mtimeMs: number) => {
    if (!aging) return mtimeMs
    const isFuture = mtimeMs > clock.now() + COARSE_MS
    if (isFuture && !wasSetBack) log?.(SET_BACK)
    wasSetBack ||= isFuture
    return isFuture || mtimeMs < aging.before
      ? Math.min(mtimeMs, aging.before) - aging.seconds * 1000
      : mtimeMs
  }

  const describe: Store['describe'] = (bucket, key, path, stats) => {
    const meta = tree.isMounted(bucket, key) ? undefined : sidecars.read(bucket, key, stats, path)
    const lastModified = Math.floor(timeOf(stats.mtimeMs) / 1000) * 1000
    const versionId = versions.isVersioned(bucket) ? (meta?.versionId ?? NULL_VERSION) : undefined
    const etag = meta?.etag ?? etagOfFile(stats)
    return { path, file: stats, etag, size: stats.size, lastModified, meta, versionId }
  }

  const find: Store['find'] = (bucket, key) => {
    const path = tree.path(bucket, key)
    const stats = path === undefined ? undefined : statIfAny(path)
    return stats?.isFile() ? describe(bucket, key, path!, stats) : undefined
  }

  const commit: Store['commit'] = (bucket, key, temporary, meta, condition) => {
    const path = tree.writablePath(bucket, key)
    const isVersioned = versions.isVersioned(bucket)
    const current = find(bucket, key)
    checkWrite(condition, current)
    if (!current) makeRoom(path, key)
    const old = current?.meta ? [{ ...current.meta, file: identityOf(current.file) }] : []
    if (current?.versionId !== undefined) versions.keep(bucket, key, current)
    stamp(temporary, clock)
    const stats = statSync(temporary)
    sidecars.write(bucket, key, [
      ...old,
      { ...meta, ...(isVersioned && { versionId: newVersionId() }), file: identityOf(stats) },
    ])
    if (condition.ifNoneMatch) linkInto(temporary, path, () => checkWrite(condition, find(bucket, key)))
    else renameSync(temporary, path)
    return describe(bucket, key, path, stats)
  }

  function markDeleted(bucket: string, key: string, current: StoredObject): string {
    versions.keep(bucket, key, current)
    return versions.mark(bucket, key, Math.floor(clock.now() / 1000) * 1000)
  }

  return {
    tree,
    temp,
    find,
    describe,
    commit,
    describeAnew(bucket, key, { meta, file }, headers) {
      if (meta) sidecars.write(bucket, key, [{ ...meta, headers, file: identityOf(file) }])
    },
    remove(bucket, key, condition) {
      const current = find(bucket, key)
      checkWrite(condition, current)
      if (!current) return undefined
      const path = tree.writablePath(bucket, key)
      const marker = current.versionId === undefined ? undefined : markDeleted(bucket, key, current)
      unlinkSync(path)
      sidecars.remove(bucket, key)
      removeEmptyFolders(dirname(path), tree.bucketPath(bucket))
      return { marker }
    },
    older(bucket, key) {
      if (tree.path(bucket, key) === undefined) return []
      return versions.of(bucket, key).map(({ versionId, lastModified, content }) => {
        if (!content) return { versionId, lastModified }
        const path = versions.pathOf(bucket, key, versionId)
        const file = { ino: 0, mtimeMs: lastModified, size: content.size }
        const object = { ...content, path, file, lastModified, versionId, meta: content.meta }
        return { versionId, lastModified, object }
      })
    },
    olderKeys(bucket, prefix) {
      const folder = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))
      const isOutside = folder !== '' && tree.path(bucket, folder) === undefined
      return isOutside ? [] : versions.keys(bucket, prefix)
    },
    checkBucket(bucket) {
      if (!tree.hasBucket(bucket)) throw noSuchBucket(bucket)
    },
  }
}

const SET_BACK =
  'S3: objects of this home are dated in the future: the clock of this machine was set back. They count as written ' +
  'before this start; nothing has to be done.'
/** The clocks of file systems and the system differ by less than this. */
const COARSE_MS = 1000

function stamp(file: string, clock: Clock): void {
  if (clock.ahead === 0) return
  const seconds = clock.now() / 1000
  utimesSync(file, seconds, seconds)
}

/** Creates the folders above `path`, and removes an empty folder in its place. */
function makeRoom(path: string, key: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (statIfAny(path)?.isDirectory()) rmdirSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!['EEXIST', 'ENOTDIR', 'ENOTEMPTY'].includes(code)) throw error
    throw notAFile(key, 'no key that continues another after a slash')
  }
}

/** Puts a file in place unless there is one already; safe against other processes. */
function linkInto(temporary: string, path: string, occupied: () => void): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') occupied()
    throw error
  }
  unlinkSync(temporary)
}
