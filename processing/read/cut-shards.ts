import type { RawObject } from '../../core/manifest.ts'
import { countsOf, notReadCounts } from './count-unread.ts'
import { cutLines, type Piece, type Unread } from './cut-lines.ts'
import { counted } from './decode.ts'
import { decodeObject } from './decode-object.ts'
import { isCompressedName, type Read } from './plan-reads.ts'
import { readAhead, type FinishedRead, type ReadAheadOptions } from './read-ahead.ts'
import type { Decoded } from './reader.ts'
import { newCounts, packSegments, type PackedSegments, type Segment, type SegmentCounts } from './shard.ts'

/**
 * Part of a day in the order of its bytes: lines or small objects for a worker, or counts that no worker has to
 * process.
 */
export type Shard =
  | {
      readonly kind: 'lines'
      readonly buffer: SharedArrayBuffer
      readonly segments: PackedSegments
      /** Stored bytes that count as read once this shard is processed. */
      readonly rawBytes: number
    }
  | { readonly kind: 'counted'; readonly input: number; readonly counts: SegmentCounts }

/** Sizes of shards and lines, and options of reading ahead. */
export interface CutShardsOptions extends ReadAheadOptions {
  /** Raw bytes per shard. */
  readonly shardBytes: number
  /** Maximum length of a line in bytes; the record of a longer one is rejected. */
  readonly maxLineBytes: number
}

/**
 * Reads one large object, or several small ones together, and emits their bytes as shards of whole lines, in order.
 * Large objects are decoded here and cut at line ends; small ones are left whole. Holds a shard, a line of at most
 * `maxLineBytes`, and the bytes that are read ahead.
 *
 * @param reads those of one large object, or of small objects
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
  const { first, end, bytes } = read as ObjectsRead
  const segments: Segment[] = []
  let at = start
  for (let input = first; input < end; input++) {
    const length = inputs[input]!.size
    const why = notRead.get(input)
    if (why === undefined) segments.push({ input, start: at, length, whole: true, first: true })
    else yield { kind: 'counted', input, counts: notReadCounts(why, length) }
    at += length
  }
  yield { kind: 'lines', buffer, segments: packSegments(segments), rawBytes: bytes }
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
      yield { kind: 'lines', buffer: cut.buffer, segments: packSegments([segment]), rawBytes }
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
