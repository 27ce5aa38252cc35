import type { Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK_BYTES = 1 << 20

/** Adds the bytes of a file to a hash and returns the hash. Holds 1 MiB in memory. */
export function hashFile(hash: Hash, file: string): Hash {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const fd = openSync(file, 'r')
  try {
    for (let read = -1; read !== 0;) {
      read = readSync(fd, chunk)
      hash.update(chunk.subarray(0, read))
    }
    return hash
  } finally {
    closeSync(fd)
  }
}
