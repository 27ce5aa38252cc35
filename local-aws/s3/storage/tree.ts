import { readdirSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { compareKeys } from './key-order.ts'
import { AwsError } from '../../protocol/aws-error.ts'
import { invalidBucketName } from '../errors.ts'
import { statIfAny } from './stat.ts'

/** A folder of this machine whose files appear as objects at a prefix of a bucket. It is read-only. */
export interface Mount {
  readonly bucket: string
  /** Prefix, with or without a slash at its end; empty for the whole bucket. */
  readonly prefix: string
  /** Path of the folder. */
  readonly dir: string
}

/**
 * Maps buckets and keys to files: a key is a path below `<root>/<bucket>/`, or below the folder of a mount. No key
 * leads to a path outside of them. A text that cannot be the name of a bucket throws AwsError InvalidBucketName.
 */
export interface Tree {
  /** Returns true if the bucket's folder exists, or a folder is mounted in the bucket. */
  hasBucket(bucket: string): boolean
  /** Returns the path of the bucket's folder, whether it exists or not. */
  bucketPath(bucket: string): string
  /** Returns the path of an object's file, whether it exists or not; undefined for a key that no file can have. */
  path(bucket: string, key: string): string | undefined
  /** Returns true for a key in a mounted folder: the object cannot be written and has no metadata. */
  isMounted(bucket: string, key: string): boolean
  /**
   * Returns the path of the file to which an object is to be written, and checks that it can be.
   *
   * @throws AwsError AccessDenied on a mount, KeyTooLongError, NotImplemented for a key that no file can have
   */
  writablePath(bucket: string, key: string): string
  /**
   * Returns the names in a folder: of files, and of folders with a slash at their end. They are in the order in which
   * S3 lists keys. The result is empty if there is no such folder.
   *
   * @param folder prefix of the folder in the bucket: empty, or with a slash at its end
   */
  entries(bucket: string, folder: string): readonly string[]
}

/**
 * Creates the mapping for buckets below `root` and for mounted folders. If the prefixes of two mounts apply to a key,
 * the longer one counts.
 */
export function createTree(root: string, mounts: readonly Mount[] = []): Tree {
  const sorted = mounts
    .map((mount) => ({ ...mount, prefix: asFolder(mount.prefix) }))
    .sort((a, b) => b.prefix.length - a.prefix.length)
  const read = createFolderReader()

  const mountOf = (bucket: string, key: string) =>
    sorted.find((mount) => mount.bucket === bucket && key.startsWith(mount.prefix))
  const bucketPath = (bucket: string) => {
    if (!isBucketName(bucket)) throw invalidBucketName(bucket)
    return `${root}/${bucket}`
  }
  const pathOf = (bucket: string, key: string) => {
    const mount = sorted.length === 0 ? undefined : mountOf(bucket, key)
    return mount ? `${mount.dir}/${key.slice(mount.prefix.length)}` : `${bucketPath(bucket)}/${key}`
  }
  const shownFolders = (bucket: string, folder: string) =>
    sorted
      .filter((mount) => mount.bucket === bucket && mount.prefix.startsWith(folder))
      .map((mount) => mount.prefix.slice(folder.length).split('/')[0]!)
      .filter((name) => name !== '')

  return {
    hasBucket: (bucket) =>
      sorted.some((mount) => mount.bucket === bucket) ||
      statIfAny(bucketPath(bucket))?.isDirectory() === true,
    bucketPath,
    path: (bucket, key) => (UNUSABLE.test(key) ? undefined : pathOf(bucket, key)),
    isMounted: (bucket, key) => sorted.length > 0 && mountOf(bucket, key) !== undefined,
    writablePath(bucket, key) {
      if (mountOf(bucket, key)) {
        throw new AwsError(
          'AccessDenied',
          `Key "${key}": expected a writable key, found a read-only folder.`,
          403,
        )
      }
      checkKey(key)
      return pathOf(bucket, key)
    },
    entries(bucket, folder) {
      if (folder !== '' && UNUSABLE.test(folder.slice(0, -1))) return []
      const own = read(pathOf(bucket, folder))
      const shown = shownFolders(bucket, folder)
      if (shown.length === 0) return own
      return [...new Set([...own, ...shown.map((name) => `${name}/`)])].sort(compareKeys)
    },
  }
}

const asFolder = (prefix: string) => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`)

/**
 * True for a name that S3 allows for a bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')
}

// Segments that are empty, `.` or `..`, and NUL.
const UNUSABLE = /(^|\/)\.{0,2}(\/|$)|\0/
const LONGEST_KEY_BYTES = 1024
const LONGEST_SEGMENT_BYTES = 255

function checkKey(key: string): void {
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES) {
    throw new AwsError('KeyTooLongError', `Key: expected at most ${LONGEST_KEY_BYTES} bytes of UTF-8.`)
  }
  const long = key.split('/').some((segment) => Buffer.byteLength(segment) > LONGEST_SEGMENT_BYTES)
  if (UNUSABLE.test(key) || long) throw notAFile(key, 'segments of 1 to 255 bytes other than "." and ".."')
}

/**
 * Returns the error NotImplemented, status 501, for a key that no plain file can have.
 *
 * @param expected what keys must be like, for the message
 */
export function notAFile(key: string, expected: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `Key "${key}": the local S3 keeps objects as plain files and expects ${expected}. Choose another key.`,
    501,
  )
}

/** Folders with more entries are listed over several pages: their sorted names are cached between pages. */
const REMEMBERED_ENTRIES = 1000
const REMEMBERED_FOLDERS = 8
/** A folder that changed so shortly before it was read may change again without a newer mtime. */
const STABLE_AFTER_MILLISECONDS = 100

function createFolderReader(): (path: string) => readonly string[] {
  const remembered = new Map<string, { mtimeMs: number; ino: number; names: readonly string[] }>()
  return (path) => {
    const stats = statIfAny(path)
    if (!stats?.isDirectory()) return []
    const known = remembered.get(path)
    if (known?.mtimeMs === stats.mtimeMs && known.ino === stats.ino) return known.names
    const isStable = stats.mtimeMs + STABLE_AFTER_MILLISECONDS < Date.now()
    const names = sortedNames(path)
    remembered.delete(path)
    if (isStable && names.length > REMEMBERED_ENTRIES) {
      if (remembered.size >= REMEMBERED_FOLDERS) remembered.delete(remembered.keys().next().value!)
      remembered.set(path, { mtimeMs: stats.mtimeMs, ino: stats.ino, names })
    }
    return names
  }
}

function sortedNames(path: string): string[] {
  const names = readdirSync(path, { withFileTypes: true }).flatMap((entry) => nameOf(path, entry) ?? [])
  // UTF-16 and UTF-8 order differ only from the surrogates on, and the built-in order is many times as fast.
  const simple = !names.some((name) => /[\ud800-\uffff]/.test(name))
  return simple ? names.sort() : names.sort(compareKeys)
}

function nameOf(path: string, entry: Dirent): string | undefined {
  if (entry.isFile()) return entry.name
  if (entry.isDirectory()) return `${entry.name}/`
  if (!entry.isSymbolicLink()) return undefined
  const target = statIfAny(join(path, entry.name))
  if (target?.isFile()) return entry.name
  return target?.isDirectory() ? `${entry.name}/` : undefined
}
