import { copyBytes } from '../copy-bytes.ts'
import * as zlib from 'node:zlib'
import type { Compression } from '../../core/manifest.ts'
import type { RejectReason } from '../../core/rejects.ts'
import type { Piece, Unread } from './cut-lines.ts'
import { MAX_KEPT_BYTES } from './unread-lines.ts'

/** Maximum decoded bytes of a piece. */
const CHUNK_BYTES = 1 << 20
/** Stored bytes that are decoded at once by default: if they break off, their decoded bytes are lost. */
const INPUT_BYTES = 1 << 16

/** A decoding stream of zlib. */
type Decoder = zlib.Gunzip

/** Functions that `node:zlib` has from Node 22.15 on. */
interface WithZstd {
  readonly createZstdDecompress?: (options: { readonly chunkSize: number }) => Decoder
  readonly zstdDecompressSync?: DecodeSync
}

/** Function that makes the decoder of each compression; undefined if this version of Node has none. */
export const DECODERS: Readonly<Record<Compression, (() => Decoder) | undefined>> = {
  gzip: () => zlib.createGunzip({ chunkSize: CHUNK_BYTES }),
  zstd: zstdDecoder((zlib as WithZstd).createZstdDecompress),
}

function zstdDecoder(create: WithZstd['createZstdDecompress']): (() => Decoder) | undefined {
  return create && (() => create({ chunkSize: CHUNK_BYTES }))
}

/** Maximum decoded bytes of a compressed object that is held whole. */
const MAX_WHOLE_BYTES = 32 * 1024 * 1024

type DecodeSync = (
  bytes: Uint8Array,
  options: { readonly maxOutputLength: number; readonly info: true },
) => { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }

const DECODE_SYNC: Readonly<Record<Compression, DecodeSync | undefined>> = {
  gzip: zlib.gunzipSync as unknown as DecodeSync,
  zstd: (zlib as WithZstd).zstdDecompressSync,
}

/**
 * Decodes a whole compressed object at once, up to 32 MiB of decoded bytes. Returns undefined if it is larger, broken,
 * or followed by other bytes, or if this version of Node lacks its compression.
 */
export function decodeWhole(compression: Compression, bytes: Buffer): Buffer | undefined {
  try {
    const { buffer, engine } = DECODE_SYNC[compression]!(bytes, {
      maxOutputLength: MAX_WHOLE_BYTES,
      info: true,
    })
    return engine.bytesWritten === bytes.length ? buffer : undefined
  } catch {
    return undefined
  }
}

/** Compression and size of an object, and the decoder to use. */
export interface DecompressOptions {
  readonly compression: Compression
  /** Makes a decoder, from {@link DECODERS}. */
  readonly decoder: () => Decoder
  /** Stored bytes of the object. */
  readonly size: number
  /** Called with each buffer of stored bytes once they are decoded. */
  readonly release: (buffer: SharedArrayBuffer) => void
  /** Stored bytes that are decoded at a time. @default 64 KiB */
  readonly inputBytes?: number | undefined
}

/**
 * Decodes an object of one or more compressed members, piece by piece. If it breaks off, or other bytes follow, emits
 * what could be decoded and last the reason. Zeros behind the last member are padding. Holds the bytes that
 * `inputBytes` decode to.
 */
export async function* decompress(
  stored: AsyncIterable<Piece | Unread>,
  { compression, decoder, size, release, inputBytes = INPUT_BYTES }: DecompressOptions,
): AsyncGenerator<Piece | Unread> {
  const members = memberDecoder(compression, decoder)
  /** The bytes that could not be decoded, if they are few. */
  const rest: Uint8Array[] = []
  const keep = (input: Uint8Array, at: number) => {
    if (size - at <= MAX_KEPT_BYTES) rest.push(Buffer.from(input))
  }
  let broken: Break | undefined
  let last = 0
  try {
    for await (const piece of stored) {
      if ('unread' in piece) {
        yield piece
        return
      }
      const bytes = Buffer.from(piece.buffer, piece.start, piece.length)
      for (let start = 0; start < bytes.length; start += inputBytes) {
        const input = bytes.subarray(start, start + inputBytes)
        if (broken) keep(input, broken.at)
        else {
          const begun = members.fed
          broken = await members.feed(input)
          yield* members.take()
          if (broken && broken.at < begun) keep(Buffer.of(last), broken.at)
          if (broken) keep(input.subarray(Math.max(0, broken.at - begun)), broken.at)
        }
        last = input.at(-1)!
      }
      release(piece.buffer)
    }
    broken ??= await members.end()
    yield* members.take()
    if (!broken) return
    const { problem, at } = broken
    const [reason, unread] = [BROKEN[compression], `${compression} ${problem}`]
    yield { unread, reason, from: at, rest: Buffer.concat(rest) }
  } finally {
    members.close()
  }
}

const BROKEN = { gzip: 'broken-gzip', zstd: 'broken-zstd' } as const satisfies Record<
  Compression,
  RejectReason
>

/** The place where an object breaks off. */
interface Break {
  readonly problem: string
  /** Number of stored bytes that were decoded. */
  readonly at: number
}

/**
 * Decodes members, one after the other. Node's gzip does so by itself; its zstd takes nothing after the first, so that
 * each gets a stream.
 */
function memberDecoder(compression: Compression, decoder: () => Decoder) {
  // Collected here rather than read from the stream, which drops what it has buffered when it fails.
  let decoded: Buffer[] = []
  let fed = 0
  /** Stored bytes of the members before the open stream. */
  let before = 0
  let stream = open()

  function open(): Decoder {
    const opened = decoder()
    opened.on('data', (chunk: Buffer) => decoded.push(chunk))
    // Also without a call in progress: an error must not go unhandled.
    opened.on('error', () => {})
    return opened
  }

  return {
    get fed() {
      return fed
    },
    take(): Piece[] {
      const pieces = decoded.map(pieceOf)
      decoded = []
      return pieces
    },
    async feed(input: Uint8Array): Promise<Break | undefined> {
      const begun = fed
      fed += input.length
      for (let left = input; ;) {
        const problem = await write(stream, left)
        // The broken bytes may have begun with the one before.
        if (problem !== undefined)
          return { problem, at: problem === FOLLOWED ? begun : Math.max(before, begun - 1) }
        // The stream takes nothing more once its last member has ended.
        const untaken = Math.min(left.length, fed - before - stream.bytesWritten)
        if (untaken === 0 || isPadding(left.subarray(-untaken))) return undefined
        if (compression === 'gzip') return { problem: FOLLOWED, at: fed - untaken }
        left = left.subarray(-untaken)
        before = fed - untaken
        stream = open()
      }
    },
    async end(): Promise<Break | undefined> {
      const problem = fed === before ? undefined : await end(stream)
      return problem === undefined ? undefined : { problem, at: fed }
    },
    close: () => stream.destroy(),
  }
}

const FOLLOWED = 'is followed by bytes that are not of it'

function isPadding(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

/** Feeds the stream. Resolves to the problem, or undefined. */
function write(stream: Decoder, input: Uint8Array): Promise<string | undefined> {
  if (stream.readableEnded || stream.destroyed)
    return Promise.resolve(isPadding(input) ? undefined : FOLLOWED)
  return untilTaken(stream, false, (done) => stream.write(input, done))
}

/** Ends the stream. An object that is cut short fails here. */
function end(stream: Decoder): Promise<string | undefined> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve(undefined)
  return untilTaken(stream, true, () => stream.end())
}

function untilTaken(
  stream: Decoder,
  isLast: boolean,
  call: (done: (error?: Error | null) => void) => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const finish = (error?: Error | null) => {
      stream.off('error', finish).off('end', onEnd)
      resolve(error ? problemOf(error) : undefined)
    }
    const onEnd = () => finish()
    stream.once('error', finish)
    if (isLast) stream.once('end', onEnd)
    call(finish)
  })
}

function problemOf(error: NodeJS.ErrnoException): string {
  // Zeros after a member end the stream; bytes after them are pushed too late.
  return error.code === 'ERR_STREAM_PUSH_AFTER_EOF' ? FOLLOWED : `breaks off: ${error.message}`
}

function pieceOf(chunk: Buffer): Piece {
  const buffer = new SharedArrayBuffer(chunk.length)
  copyBytes(chunk, new Uint8Array(buffer))
  return { buffer, start: 0, length: chunk.length }
}
