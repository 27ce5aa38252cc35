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

/**
 * Facts that identify one content of an object's file. A new content is always a new file, as objects are never changed
 * in place.
 */
export interface FileIdentity {
  /** Inode number. */
  readonly ino: number
  /** Modification time in milliseconds since 1970. */
  readonly mtimeMs: number
  /** Size in bytes. */
  readonly size: number
}

/** Metadata of an object, which the local S3 stores beside the object's file. */
export interface ObjectMeta {
  /** ETag without quotes. */
  readonly etag: string
  /** CRC32 of the bytes, by which the metadata is found again after the folder was copied. */
  readonly crc32: number
  /** Headers to send back with the object, such as `content-type` and `x-amz-meta-…`; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Additional checksum that the writer has sent or asked for; undefined if there is none. */
  readonly checksum?: StoredChecksum | undefined
  /** Version id; undefined if the object was written while its bucket did not keep versions. */
  readonly versionId?: string | undefined
}

interface Entry extends ObjectMeta {
  readonly file: FileIdentity
}

/**
 * Storage for the metadata of objects: one sidecar file per object, at `<metaRoot>/<bucket>/<key>`. The entry for a new
 * content is stored, beside that of the old content, before the new content is put in place. So if the process is
 * killed in between, there is metadata for either content.
 */
export interface Sidecars {
  /**
   * Returns the metadata of an object's current file; undefined for a file that was put there by hand, not through S3.
   *
   * @param file identity of the file at `path`
   *
   * @throws LocalAwsError CorruptState if the sidecar cannot be read
   */
  read(bucket: string, key: string, file: FileIdentity, path: string): ObjectMeta | undefined
  /**
   * Replaces the metadata of an object. Must be called before a new content is put in place, with entries for the old
   * and the new one.
   */
  write(bucket: string, key: string, entries: readonly Entry[]): void
  /** Removes the metadata of an object. Must be called after the object's file is removed. */
  remove(bucket: string, key: string): void
}

const REMEMBERED = 200_000

/**
 * Opens the storage for metadata below `metaRoot`. The metadata of up to 200,000 objects is cached in memory.
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

/** Returns a copy of just the members that identify a file's content, for storing them. */
export function identityOf({ ino, mtimeMs, size }: FileIdentity): FileIdentity {
  return { ino, mtimeMs, size }
}

/** Returns true if both identify the same content of the same file. */
export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.size === b.size
}

/**
 * Returns the ETag for a file that was put there by hand, not through S3: it is made of time and size, so a copy that
 * keeps the time to the millisecond has the same ETag.
 */
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

/**
 * Removes `folder` and then the folders above it, as long as they are empty. The folder `top` and those above it stay.
 */
export function removeEmptyFolders(folder: string, top: string): void {
  for (let path = folder; path.length > top.length; path = dirname(path)) {
    try {
      rmdirSync(path)
    } catch {
      return
    }
  }
}
