import { createGunzip, type Gunzip } from 'node:zlib'
import type { Broken, Piece } from './cut-lines.ts'

/** Most inflated bytes of a piece. */
const CHUNK_BYTES = 1 << 20
const INPUT_BYTES = 1 << 16

/**
 * Inflates an object of one or more gzip members, piece by piece. Where it breaks off, or is followed by something
 * that is not gzip, the last piece says so; what was inflated before is emitted first. Zeros behind the last member
 * are padding. Holds what 64 KiB of input inflate to.
 */
export async function* inflate(
  compressed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Piece | Broken> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  // Collected here rather than read from the stream, which drops what it has buffered when it fails.
  let inflated: Buffer[] = []
  gunzip.on('data', (chunk: Buffer) => inflated.push(chunk))
  // Also without a call in progress: an error must not go unhandled.
  gunzip.on('error', () => {})
  let fed = 0
  try {
    for await (const bytes of compressed) {
      for (let start = 0; start < bytes.length; start += INPUT_BYTES) {
        const input = bytes.subarray(start, start + INPUT_BYTES)
        const problem = await write(gunzip, input)
        yield* inflated.map(pieceOf)
        inflated = []
        if (problem !== undefined) {
          yield { broken: problem }
          return
        }
        fed += input.length
        // The stream takes nothing more once zeros follow a member.
        const untaken = Math.min(input.length, fed - gunzip.bytesWritten)
        if (untaken > 0 && !isPadding(input.subarray(-untaken))) {
          yield { broken: FOLLOWED }
          return
        }
      }
    }
    const problem = fed === 0 ? undefined : await end(gunzip)
    yield* inflated.map(pieceOf)
    if (problem !== undefined) yield { broken: problem }
  } finally {
    gunzip.destroy()
  }
}

const FOLLOWED = 'gzip is followed by bytes that are not gzip'

function isPadding(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

/** Feeds the stream. Resolves to what is wrong, or undefined. */
function write(gunzip: Gunzip, input: Uint8Array): Promise<string | undefined> {
  if (gunzip.readableEnded || gunzip.destroyed)
    return Promise.resolve(isPadding(input) ? undefined : FOLLOWED)
  return settle(gunzip, false, (done) => gunzip.write(input, done))
}

/** Ends the stream. An object that is cut short fails here. */
function end(gunzip: Gunzip): Promise<string | undefined> {
  if (gunzip.readableEnded || gunzip.destroyed) return Promise.resolve(undefined)
  return settle(gunzip, true, () => gunzip.end())
}

function settle(
  gunzip: Gunzip,
  isLast: boolean,
  call: (done: (error?: Error | null) => void) => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const finish = (error?: Error | null) => {
      gunzip.off('error', finish).off('end', onEnd)
      resolve(error ? problemOf(error) : undefined)
    }
    const onEnd = () => finish()
    gunzip.once('error', finish)
    if (isLast) gunzip.once('end', onEnd)
    call(finish)
  })
}

function problemOf(error: NodeJS.ErrnoException): string {
  // Zeros behind a member end the stream; what comes then is pushed too late.
  return error.code === 'ERR_STREAM_PUSH_AFTER_EOF' ? FOLLOWED : `gzip breaks off: ${error.message}`
}

function pieceOf(chunk: Buffer): Piece {
  const buffer = new SharedArrayBuffer(chunk.length)
  Buffer.from(buffer).set(chunk)
  return { buffer, start: 0, length: chunk.length }
}
