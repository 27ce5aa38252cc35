import { copyBytes } from '../copy-bytes.ts'
import type { Compression, RawObject } from '../../core/manifest.ts'
import { HEADROOM, type BufferPool } from './buffer-pool.ts'
import type { Piece, Unread } from './cut-lines.ts'
import { decode } from './decode.ts'
import type { Read } from './plan-reads.ts'
import { readAhead, type FinishedRead, type ReadAheadOptions } from './read-ahead.ts'
import type { Decoded } from './reader.ts'

/** Size of decoded pieces, their buffers, and options of reading ahead. */
export interface DecodeObjectOptions extends ReadAheadOptions {
  /** Approximate bytes of a decoded piece. */
  readonly shardBytes: number
  /** Provides buffers for decompressed bytes. */
  readonly gathering: Pick<BufferPool, 'take'>
}

/**
 * Reads a large object and decodes it, whatever its compression. Emits pieces of about `shardBytes`; the last item has
 * no piece. Holds one piece and the bytes that are read ahead.
 *
 * @param reads all reads of the object, in order
 */
export async function* decodeObject(
  { size }: RawObject,
  reads: readonly Read[],
  options: DecodeObjectOptions,
): AsyncGenerator<Decoded> {
  const { pool, gathering, shardBytes } = options
  let compression: Compression | undefined
  let rawBytes = 0
  async function* stored(): AsyncGenerator<Piece | Unread> {
    for await (const read of readAhead(reads, options)) {
      rawBytes += read.read.bytes
      yield pieceOf(read)
    }
  }
  const pieces = decode(stored(), {
    size,
    gather: (small) => gather(small, gathering, shardBytes),
    release: (buffer) => pool.release(buffer),
    onContent: (found) => (compression = found),
  })
  for await (const piece of pieces) {
    yield { piece, rawBytes, compression }
    rawBytes = 0
  }
  yield { rawBytes, compression }
}

function pieceOf({ read, buffer, start, notRead }: FinishedRead): Piece | Unread {
  const { input, start: from, bytes: length } = read as Extract<Read, { kind: 'piece' }>
  const why = notRead.get(input)
  return why === undefined ? { buffer, start, length } : { unread: why, reason: 'unreadable', from }
}

/** Gathers small pieces into buffers of the pool, so that shards of decompressed data are as large as others. */
async function* gather(
  pieces: AsyncIterable<Piece | Unread>,
  pool: Pick<BufferPool, 'take'>,
  shardBytes: number,
): AsyncGenerator<Piece | Unread> {
  let gathered: Piece | undefined
  for await (const piece of pieces) {
    if ('unread' in piece) {
      if (gathered) yield gathered
      yield piece
      return
    }
    if (gathered && gathered.length + piece.length > shardBytes) {
      yield gathered
      gathered = undefined
    }
    gathered = append(gathered ?? emptyPiece(pool, Math.max(shardBytes, piece.length)), piece)
  }
  if (gathered) yield gathered
}

function emptyPiece(pool: Pick<BufferPool, 'take'>, bytes: number): Piece {
  return { buffer: pool.take(bytes), start: HEADROOM, length: 0 }
}

function append(gathered: Piece, { buffer, start, length }: Piece): Piece {
  const end = gathered.start + gathered.length
  copyBytes(new Uint8Array(buffer, start, length), new Uint8Array(gathered.buffer), end)
  return { ...gathered, length: gathered.length + length }
}
