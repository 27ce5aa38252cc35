import type { Compression, RawObject } from '../../core/manifest.ts'
import { HEADROOM, type BufferPool } from './buffer-pool.ts'
import { countsOf, notReadCounts } from './count-unread.ts'
import { cutLines, type Piece, type Unread } from './cut-lines.ts'
import { counted, decode } from './decode.ts'
import type { FinishedRead } from './read-ahead.ts'
import { newCounts, type Segment, type SegmentCounts } from './shard.ts'

/** Work for a worker, or what is known of an object without one. */
export type Shard =
  | {
      readonly kind: 'lines'
      readonly buffer: SharedArrayBuffer
      readonly segments: readonly Segment[]
      /** Raw bytes that it accounts for. */
      readonly rawBytes: number
    }
  | { readonly kind: 'counted'; readonly input: number; readonly counts: SegmentCounts }

export interface CutShardsOptions {
  readonly inputs: readonly RawObject[]
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
    if (next.value.read.kind === 'objects') yield* cutObjects(next.value, options.inputs)
    else yield* cutObject(next.value, reads, options)
  }
}

/** The whole objects of a read, but for those that could not be had. */
function* cutObjects(
  { read, buffer, start, notRead }: FinishedRead,
  inputs: readonly RawObject[],
): Generator<Shard> {
  const { objects, bytes } = read as ObjectsRead
  const segments: Segment[] = []
  for (const { input, start: offset, length } of objects) {
    const why = notRead.get(input)
    if (why === undefined) segments.push({ input, start: start + offset, length, whole: true, first: true })
    else yield { kind: 'counted', input, counts: notReadCounts(why, inputs[input]!.size) }
  }
  yield { kind: 'lines', buffer, segments, rawBytes: bytes }
}

async function* cutObject(
  first: FinishedRead,
  reads: AsyncGenerator<FinishedRead>,
  { inputs, pool, shardBytes, maxLineBytes }: CutShardsOptions,
): AsyncGenerator<Shard> {
  const { input } = first.read as PieceRead
  const { size } = inputs[input]!
  const release = (buffer: SharedArrayBuffer) => pool.release(buffer)
  const object = largeObject(first, reads)
  const gatherPieces = (pieces: AsyncIterable<Piece | Unread>) => gather(pieces, pool, shardBytes)
  const counts = newCounts()
  const onContent = (compression: Compression | undefined) => {
    if (compression) counts.compression = compression
  }
  const pieces = counted(decode(object.pieces(), { size, gather: gatherPieces, release, onContent }), counts)
  let isFirst = true
  for await (const cut of cutLines(pieces, maxLineBytes, release)) {
    if (cut.kind !== 'lines') yield { kind: 'counted', input, counts: countsOf(cut, size) }
    else {
      const segment = { input, start: cut.start, length: cut.length, whole: false, first: isFirst }
      yield { kind: 'lines', buffer: cut.buffer, segments: [segment], rawBytes: object.takeBytes() }
    }
    isFirst = false
  }
  yield { kind: 'counted', input, counts }
  // What is not read is passed by, so that the next read is the next object's.
  for await (const piece of object.pieces()) if (!('unread' in piece)) release(piece.buffer)
}

type ObjectsRead = Extract<FinishedRead['read'], { kind: 'objects' }>
type PieceRead = Extract<FinishedRead['read'], { kind: 'piece' }>

/** The pieces of the object that `first` begins. Iterating again goes on where the last iteration stopped. */
function largeObject(first: FinishedRead, reads: AsyncGenerator<FinishedRead>) {
  let next: FinishedRead | undefined = first
  let isLast = false
  let bytes = 0
  return {
    async *pieces(): AsyncGenerator<Piece | Unread> {
      while (!isLast) {
        const { read, buffer, start, notRead } = next ?? ((await reads.next()).value as FinishedRead)
        next = undefined
        const { input, last, start: from } = read as PieceRead
        isLast = last
        bytes += read.bytes
        const why = notRead.get(input)
        yield why === undefined
          ? { buffer, start, length: read.bytes }
          : { unread: why, reason: 'unreadable', from }
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

/** Gathers small pieces into buffers of the pool, so that shards of inflated data are as large as others. */
async function* gather(
  pieces: AsyncIterable<Piece | Unread>,
  pool: BufferPool,
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

function emptyPiece(pool: BufferPool, bytes: number): Piece {
  return { buffer: pool.take(bytes), start: HEADROOM, length: 0 }
}

function append(gathered: Piece, { buffer, start, length }: Piece): Piece {
  const target = new Uint8Array(gathered.buffer, gathered.start + gathered.length)
  target.set(new Uint8Array(buffer, start, length))
  return { ...gathered, length: gathered.length + length }
}
