import {
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { readJsonFileSync, type DocumentKind } from '../../home/json-file.ts'
import type { StoredChecksum } from './checksums.ts'
import { statIfAny } from './stat.ts'

/** Identifies one content of a file: objects are never changed in place. */
export interface FileIdentity {
  readonly ino: number
  readonly mtimeMs: number
  /** Size in bytes. */
  readonly size: number
}

/** S3's knowledge of an object beyond its bytes; it lies in a sidecar file. */
export interface ObjectMeta {
  /** ETag without quotes. */
  readonly etag: string
  /** CRC32 of the bytes: recognizes an object whose folder was copied. */
  readonly crc32: number
  /** `content-type`, `x-amz-meta-…` and the like, as they are sent back. */
  readonly headers: Readonly<Record<string, string>>
  readonly checksum?: StoredChecksum | undefined
  /** Version id of an object that was written while its bucket kept versions. */
  readonly versionId?: string | undefined
}

interface Entry extends ObjectMeta {
  readonly file: FileIdentity
}

/**
 * Metadata beside the objects, at `<metaRoot>/<bucket>/<key>`. A sidecar has an entry per identity of the object's
 * file: the entry of a new content is added, beside the old one's, before the content is put in place, so that a
 * process killed in between leaves metadata for whichever content is there.
 */
export interface Sidecars {
  /**
   * Returns the metadata of the file at `path`, which has that identity; undefined for a file that was not written
   * through S3.
   *
   * @throws LocalAwsError CorruptState if the sidecar cannot be read
   */
  read(bucket: string, key: string, file: FileIdentity, path: string): ObjectMeta | undefined
  /** Must be called before the new content is put in place. */
  write(bucket: string, key: string, entries: readonly Entry[]): void
  /** Must be called after the object is gone. */
  remove(bucket: string, key: string): void
}

const REMEMBERED = 200_000

/**
 * Opens the sidecars below `metaRoot`. Up to 200,000 of them are cached in memory.
 *
 * @param newFile returns a path for a temporary file on the same file system
 */
export function createSidecars(metaRoot: string, newFile: () => string): Sidecars {
  // A content without a sidecar never gets one later, so absence can be cached as well.
  const remembered = new Map<string, { file: FileIdentity; meta: ObjectMeta | undefined }>()
  const pathOf = (bucket: string, key: string) => `${metaRoot}/${bucket}/${key}`

  return {
    read(bucket, key, file, path) {
      const sidecar = pathOf(bucket, key)
      const known = remembered.get(sidecar)
      if (known && sameFile(known.file, file)) return known.meta
      const meta = chooseEntry(readEntries(sidecar), file, path)
      if (remembered.size >= REMEMBERED) remembered.clear()
      remembered.set(sidecar, { file: identityOf(file), meta })
      return meta
    },
    write(bucket, key, entries) {
      const temporary = newFile()
      writeFileSync(temporary, JSON.stringify(entries))
      moveInto(temporary, pathOf(bucket, key), join(metaRoot, bucket))
      // The cached content may be this one.
      remembered.delete(pathOf(bucket, key))
    },
    remove(bucket, key) {
      const sidecar = pathOf(bucket, key)
      remembered.delete(sidecar)
      rmSync(sidecar, { force: true })
      removeEmptyFolders(dirname(sidecar), join(metaRoot, bucket))
    },
  }
}

/** Returns just the members that identify a file's content. */
export function identityOf({ ino, mtimeMs, size }: FileIdentity): FileIdentity {
  return { ino, mtimeMs, size }
}

/** True if both are the same content of the same file. */
export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.size === b.size
}

/** Returns the ETag of a file not written through S3. Copies that keep times to the millisecond keep the ETag. */
export function etagOfFile({ mtimeMs, size }: FileIdentity): string {
  return `${Math.round(mtimeMs).toString(16)}-${size.toString(16)}`
}

const KIND: DocumentKind = {
  what: 'what S3 knows of an object beside its bytes',
  members: [],
  remedy: 'Delete it: the object stays, with another ETag and without its metadata.',
}

function readEntries(sidecar: string): readonly Entry[] {
  if (!statIfAny(sidecar)?.isFile()) return []
  return readJsonFileSync<Entry[]>(sidecar, KIND) ?? []
}

function chooseEntry(entries: readonly Entry[], file: FileIdentity, path: string): ObjectMeta | undefined {
  const same = entries.find((entry) => sameFile(entry.file, file))
  if (same) return same
  const candidates = entries.filter((entry) => entry.file.size === file.size)
  if (candidates.length === 0) return undefined
  // The folder was copied or restored: inodes and times are new, the bytes are the same.
  const sum = crc32OfFile(path)
  return candidates.find((entry) => entry.crc32 === sum)
}

function crc32OfFile(path: string): number {
  const buffer = Buffer.allocUnsafe(1024 * 1024)
  const file = openSync(path, 'r')
  try {
    let sum = 0
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
      sum = crc32(buffer.subarray(0, count), sum)
    }
    return sum
  } finally {
    closeSync(file)
  }
}

/** Renames `from` to `to`, creating folders; removes what a killed process left in the way below `top`. */
function moveInto(from: string, to: string, top: string): void {
  try {
    renameSync(from, to)
  } catch {
    for (let path = to; path.length > top.length; path = dirname(path)) {
      const stats = statIfAny(path)
      if (stats && stats.isDirectory() === (path === to)) rmSync(path, { recursive: true })
    }
    mkdirSync(dirname(to), { recursive: true })
    renameSync(from, to)
  }
}

/** Removes `folder` and the folders above it, as long as they are empty, up to and excluding `top`. */
export function removeEmptyFolders(folder: string, top: string): void {
  for (let path = folder; path.length > top.length; path = dirname(path)) {
    try {
      rmdirSync(path)
    } catch {
      return
    }
  }
}
