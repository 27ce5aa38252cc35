import { openSync, closeSync, read, readSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compareKeys, isRawKey } from '../core/layout.ts'
import type { RawObject } from '../core/manifest.ts'
import type { Source } from '../processing/source.ts'

/** Reads up to this size are made at once: cheaper than a trip through the thread pool when the file is in memory. */
const SMALL_BYTES = 64 * 1024

/** The raw files of a folder, as a listing would show them. */
export function listFiles(folder: string): RawObject[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter(isRawKey)
    .sort(compareKeys)
    .map((key) => {
      const { size, mtimeMs } = statSync(join(folder, key))
      return { key, etag: `${size}-${mtimeMs}`, size }
    })
}

/** Raw objects straight from a file tree. */
export function fileSource(folder: string): Source {
  return {
    async read({ key }, start, target) {
      const file = openSync(join(folder, key), 'r')
      try {
        const found =
          target.length <= SMALL_BYTES
            ? readSync(file, target, 0, target.length, start)
            : await fill(file, target, start)
        if (found !== target.length)
          throw new Error(`${key}: expected ${target.length} bytes from ${start}, found ${found}`)
      } finally {
        closeSync(file)
      }
    },
  }
}

function fill(file: number, target: Uint8Array, start: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, target, 0, target.length, start, (error, bytes) => (error ? reject(error) : resolve(bytes)))
  })
}
