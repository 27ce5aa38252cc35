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

/** An object as it is. */
export interface StoredObject {
  readonly path: string
  readonly file: FileIdentity
  /** Without quotes. */
  readonly etag: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970, whole seconds: S3 knows no finer time. */
  readonly lastModified: number
  /** Absent for a file that nobody put through S3. */
  readonly meta: ObjectMeta | undefined
  /** Absent in a bucket without versions. */
  readonly versionId: string | undefined
}

/** What an object was before, or that it was deleted then. */
export interface Older {
  readonly versionId: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
  /** Absent: a delete marker. */
  readonly object?: StoredObject
}

/** Objects: finding, putting in place and removing. What changes the tree happens in one tick: writers queue there. */
export interface Store {
  readonly tree: Tree
  readonly temp: TempFiles
  /** The object of a key, if there is one. */
  find(bucket: string, key: string): StoredObject | undefined
  /** What `find` says, for a file whose stats are known: of an open file descriptor, say. */
  describe(bucket: string, key: string, path: string, stats: FileIdentity): StoredObject
  /**
   * Puts the file at `temporary` in place, whole or not at all.
   *
   * @throws AwsError PreconditionFailed or NoSuchKey when the condition does not hold, NotImplemented when a folder
   *   stands where the file should, or a file where a folder should
   */
  commit(
    bucket: string,
    key: string,
    temporary: string,
    meta: ObjectMeta,
    condition: WriteCondition,
  ): StoredObject
  /** Gives an object that was put other headers. */
  describeAnew(bucket: string, key: string, object: StoredObject, headers: ObjectMeta['headers']): void
  /** Removes an object; undefined when there was none, else what is left of it: a delete marker where there are versions. */
  remove(
    bucket: string,
    key: string,
    condition: WriteCondition,
  ): { readonly marker: string | undefined } | undefined
  /** Older versions of an object, newest first. */
  older(bucket: string, key: string): Older[]
  /** Keys that have some, in no order. */
  olderKeys(bucket: string, prefix: string): Iterable<string>
  /** @throws AwsError NoSuchBucket, InvalidBucketName */
  checkBucket(bucket: string): void
}

export interface StoreOptions {
  readonly tree: Tree
  readonly sidecars: Sidecars
  readonly temp: TempFiles
  readonly versions: Versions
  /** Told by the times of files: what is written while it is ahead gets its time. */
  readonly clock: Clock
  /** Objects written before that time, in milliseconds, are reported older than they are. */
  readonly aging?: { readonly before: number; readonly seconds: number } | undefined
  readonly log?: ((line: string) => void) | undefined
}

export function createStore(options: StoreOptions): Store {
  const { tree, sidecars, temp, versions, clock, aging, log } = options
  let wasSetBack = false

  /** What comes out of the future was written before a clock was set back: it is from before the start as well. */
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
/** Clocks of file systems and the system's differ by less. */
const COARSE_MS = 1000

function stamp(file: string, clock: Clock): void {
  if (clock.ahead === 0) return
  const seconds = clock.now() / 1000
  utimesSync(file, seconds, seconds)
}

/** Makes the folders above `path`; an empty folder in its own place goes. */
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

/** Puts a file in place unless one is there: also against another process. */
function linkInto(temporary: string, path: string, occupied: () => void): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') occupied()
    throw error
  }
  unlinkSync(temporary)
}
