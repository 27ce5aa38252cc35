import { copyBytes } from '../processing/copy-bytes.ts'
import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Sink } from '../processing/write/sink.ts'

/** Bytes per write. */
const BUFFER_BYTES = 1024 * 1024

/** Bytes that are written by themselves rather than gathered. */
const LARGE_BYTES = 64 * 1024

/** Makes a sink that writes finished files into a folder. */
export function fileSink(folder: string): Sink {
  return {
    create(kind, name) {
      mkdirSync(join(folder, kind), { recursive: true })
      const path = join(folder, kind, name)
      const file = openSync(path, 'w')
      const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
      let length = 0
      const flush = () => {
        writeAll(file, buffer.subarray(0, length))
        length = 0
      }
      return Promise.resolve({
        write(bytes) {
          if (bytes.length >= LARGE_BYTES) {
            flush()
            writeAll(file, bytes)
            return
          }
          for (let start = 0; start < bytes.length;) {
            const taken = Math.min(bytes.length - start, BUFFER_BYTES - length)
            copyBytes(bytes.subarray(start, start + taken), buffer, length)
            length += taken
            start += taken
            if (length === BUFFER_BYTES) flush()
          }
        },
        close() {
          flush()
          closeSync(file)
          return Promise.resolve()
        },
        abort() {
          closeSync(file)
          unlinkSync(path)
          return Promise.resolve()
        },
      })
    },
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let start = 0; start < bytes.length;) start += writeSync(file, bytes, start, bytes.length - start)
}
