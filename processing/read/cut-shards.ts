import { HEADROOM, type BufferPool } from './buffer-pool.ts'
import { cutLines, type Broken, type Cut, type Piece } from './cut-lines.ts'
import { inflate } from './inflate.ts'
import type { FinishedRead } from './read-ahead.ts'
import type { Segment } from './shard.ts'

/** Work for a worker, or a record that is known to be rejected. */
export type Shard =
  | {
      readonly kind: 'lines'
      readonly buffer: SharedArrayBuffer
      readonly segments: readonly Segment[]
      /** Raw bytes that it accounts for. */
      readonly rawBytes: number
    }
  | {
      readonly kind: 'reject'
      readonly input: number
      readonly reject: Extract<Cut, { kind: 'reject' }>['reject']
    }

export interface CutShardsOptions {
  readonly pool: BufferPool
  readonly shardBytes: number
  readonly maxLineBytes: number
}

/**
 * Cuts finished reads into shards of whole lines, in their order. Large objects are cut at line ends, large
 * compressed ones after they were inflated. Holds a shard, and a line of at most `maxLineBytes`.
 */
export async function* cutShards(
  reads: AsyncGenerator<FinishedRead>,
  options: CutShardsOptions,
): AsyncGenerator<Shard> {
  for (;;) {
    const next = await reads.next()
    if (next.done) return
    const { read, buffer, start } = next.value
    if (read.kind === 'objects') {
      const segments = read.objects.map(({ input, start: offset, length, gzip }) => {
        return { input, start: start + offset, length, gzip, first: true }
      })
      yield { kind: 'lines', buffer, segments, rawBytes: read.bytes }
    } else yield* cutObject(next.value, reads, options)
  }
}

async function* cutObject(
  first: FinishedRead,
  reads: AsyncGenerator<FinishedRead>,
  { pool, shardBytes, maxLineBytes }: CutShardsOptions,
): AsyncGenerator<Shard> {
  const { input, gzip } = first.read as PieceRead
  const release = (buffer: SharedArrayBuffer) => pool.release(buffer)
  const object = largeObject(first, reads)
  const raw = object.pieces()
  const pieces = gzip ? gather(inflate(bytesOf(raw, release)), pool, shardBytes) : raw
  let isFirst = true
  for await (const cut of cutLines(pieces, maxLineBytes, release)) {
    if (cut.kind === 'reject') yield { kind: 'reject', input, reject: cut.reject }
    else {
      const segment = { input, start: cut.start, length: cut.length, gzip: false, first: isFirst }
      yield { kind: 'lines', buffer: cut.buffer, segments: [segment], rawBytes: object.takeBytes() }
    }
    isFirst = false
  }
  // What follows a broken gzip is passed by, so that the next read is the next object's.
  for await (const piece of object.pieces()) release(piece.buffer)
}

type PieceRead = Extract<FinishedRead['read'], { kind: 'piece' }>

/** The pieces of the object that `first` begins. Iterating again goes on where the last iteration stopped. */
function largeObject(first: FinishedRead, reads: AsyncGenerator<FinishedRead>) {
  let next: FinishedRead | undefined = first
  let isLast = false
  let bytes = 0
  return {
    async *pieces(): AsyncGenerator<Piece> {
      while (!isLast) {
        const { read, buffer, start } = next ?? ((await reads.next()).value as FinishedRead)
        next = undefined
        isLast = (read as PieceRead).last
        bytes += read.bytes
        yield { buffer, start, length: read.bytes }
      }
    },
    /** Raw bytes since the last call. */
    takeBytes: () => {
      const taken = bytes
      bytes = 0
      return taken
    },
  }
}

async function* bytesOf(pieces: AsyncIterable<Piece>, release: (buffer: SharedArrayBuffer) => void) {
  for await (const { buffer, start, length } of pieces) {
    yield Buffer.from(buffer, start, length)
    release(buffer)
  }
}

/** Gathers small pieces into buffers of the pool, so that shards of inflated data are as large as others. */
async function* gather(
  pieces: AsyncIterable<Piece | Broken>,
  pool: BufferPool,
  shardBytes: number,
): AsyncGenerator<Piece | Broken> {
  let gathered: Piece | undefined
  for await (const piece of pieces) {
    if ('broken' in piece) {
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

function emptyPiece(pool: BufferPool, bytes: number): Piece {
  return { buffer: pool.take(bytes), start: HEADROOM, length: 0 }
}

function append(gathered: Piece, { buffer, start, length }: Piece): Piece {
  const target = new Uint8Array(gathered.buffer, gathered.start + gathered.length)
  target.set(new Uint8Array(buffer, start, length))
  return { ...gathered, length: gathered.length + length }
}
