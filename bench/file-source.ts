import { openSync, closeSync, read, readSync, readdirSync, statSync } from 'node:fs'
import { compareKeys } from '../core/layout.ts'
import type { RawObject } from '../core/manifest.ts'
import type { Source } from '../processing/read/source.ts'

/** Reads of at most this size are synchronous: cheaper than the thread pool when the file is in memory. */
const SMALL_BYTES = 64 * 1024

/** Lists the raw files below a folder, in key order, as a listing of S3 would. */
export function listFiles(folder: string): RawObject[] {
  const keys: string[] = []
  addKeys(folder, '', keys)
  return keys.sort(compareKeys).map((key) => {
    const { size, mtimeMs } = statSync(`${folder}/${key}`)
    return { key, etag: `${size}-${mtimeMs}`, size }
  })
}

/** Adds the keys below a prefix. The runtime's own recursive listing takes several calls for each of 50,000 files. */
function addKeys(folder: string, prefix: string, keys: string[]): void {
  for (const entry of readdirSync(`${folder}/${prefix}`, { withFileTypes: true })) {
    const key = prefix + entry.name
    if (entry.isDirectory()) addKeys(folder, `${key}/`, keys)
    else if (entry.isFile()) keys.push(key)
  }
}

/** Makes a source that reads raw objects from a file tree. */
export function fileSource(folder: string): Source {
  return {
    read({ key }, start, target) {
      const path = `${folder}/${key}`
      return target.length <= SMALL_BYTES ? readSmall(path, start, target) : readLarge(path, start, target)
    },
  }
}

function readSmall(path: string, start: number, target: Uint8Array): void {
  const file = openSync(path, 'r')
  try {
    check(path, start, target, readSync(file, target, 0, target.length, start))
  } finally {
    closeSync(file)
  }
}

async function readLarge(path: string, start: number, target: Uint8Array): Promise<void> {
  const file = openSync(path, 'r')
  try {
    check(path, start, target, await fill(file, target, start))
  } finally {
    closeSync(file)
  }
}

function check(path: string, start: number, { length }: Uint8Array, found: number): void {
  if (found !== length) throw new Error(`${path}: expected ${length} bytes from ${start}, found ${found}`)
}

function fill(file: number, target: Uint8Array, start: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, target, 0, target.length, start, (error, bytes) => (error ? reject(error) : resolve(bytes)))
  })
}
