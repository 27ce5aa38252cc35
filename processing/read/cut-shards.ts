import type { RawObject } from '../../core/manifest.ts'
import { countsOf, notReadCounts } from './count-unread.ts'
import { cutLines, type Piece, type Unread } from './cut-lines.ts'
import { counted } from './decode.ts'
import { decodeObject } from './decode-object.ts'
import { isCompressedName, type Read } from './plan-reads.ts'
import { readAhead, type FinishedRead, type ReadAheadOptions } from './read-ahead.ts'
import type { Decoded } from './reader.ts'
import { newCounts, type Segment, type SegmentCounts } from './shard.ts'

/** A shard: lines for a worker, or counts that need none. */
export type Shard =
  | {
      readonly kind: 'lines'
      readonly buffer: SharedArrayBuffer
      readonly segments: readonly Segment[]
      /** Raw bytes that count as read with this shard. */
      readonly rawBytes: number
    }
  | { readonly kind: 'counted'; readonly input: number; readonly counts: SegmentCounts }

/** The sizes of shards and lines, and the way to read them. */
export interface CutShardsOptions extends ReadAheadOptions {
  readonly shardBytes: number
  readonly maxLineBytes: number
}

/**
 * Carries out the reads of one large object, or a read of whole objects, and cuts their bytes into shards of whole
 * lines, in order. Large objects are cut at line ends, after decompression. Holds a shard, a line of at most
 * `maxLineBytes`, and the bytes that are read ahead.
 */
export async function* cutShards(reads: readonly Read[], options: CutShardsOptions): AsyncGenerator<Shard> {
  const [first] = reads
  if (first?.kind === 'piece') yield* cutObject(first.input, reads, options)
  else for await (const read of readAhead(reads, options)) yield* cutObjects(read, options.inputs)
}

/** Makes a shard of the whole objects of a read, and counts of those that could not be read. */
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

type ObjectsRead = Extract<FinishedRead['read'], { kind: 'objects' }>

async function* cutObject(
  input: number,
  reads: readonly Read[],
  options: CutShardsOptions,
): AsyncGenerator<Shard> {
  const { inputs, pool, maxLineBytes } = options
  const object = inputs[input]!
  const counts = newCounts()
  let rawBytes = 0
  async function* pieces(): AsyncGenerator<Piece | Unread> {
    for await (const decoded of decodedPieces(object, reads, options)) {
      rawBytes += decoded.rawBytes
      if (decoded.compression) counts.compression = decoded.compression
      if (decoded.piece) yield decoded.piece
    }
  }
  let isFirst = true
  for await (const cut of cutLines(counted(pieces(), counts), maxLineBytes, (buffer) =>
    pool.release(buffer),
  )) {
    if (cut.kind !== 'lines') yield { kind: 'counted', input, counts: countsOf(cut, object.size) }
    else {
      const segment = { input, start: cut.start, length: cut.length, whole: false, first: isFirst }
      yield { kind: 'lines', buffer: cut.buffer, segments: [segment], rawBytes }
      rawBytes = 0
    }
    isFirst = false
  }
  yield { kind: 'counted', input, counts }
}

/**
 * Decodes an object: in the threads of the reader, if it has some and the name tells of compression, else in this
 * thread.
 */
function decodedPieces(
  object: RawObject,
  reads: readonly Read[],
  options: CutShardsOptions,
): AsyncGenerator<Decoded> {
  const { reader, pool, shardBytes } = options
  if (reader.decode && isCompressedName(object.key)) {
    const { unreadable } = options
    return reader.decode(object, { shardBytes, unreadable }, () => pool.take(shardBytes))
  }
  return decodeObject(object, reads, { ...options, gathering: pool })
}
