import type { ErrorData } from '../../core/errors.ts'
import type { RejectReason } from '../../core/rejects.ts'
import type { NotePlace } from '../crashes/crash-notes.ts'
import type { PackedChunk } from '../parquet/chunk.ts'

/** Messages between the main thread and the workers. */

/** A stretch of one raw object in a shard's buffer: whole lines, but for gzip. */
export interface Segment {
  /** Index of the object among the inputs. */
  readonly input: number
  /** Bytes in the shard's buffer. */
  readonly start: number
  readonly length: number
  /** True for an object that is still compressed, and then whole. */
  readonly gzip: boolean
  /** True where the object begins: a byte order mark is skipped. */
  readonly first: boolean
}

/** A worker's unit of work. The memory is shared, so that it outlives a worker that dies. */
export interface ShardTask {
  readonly type: 'shard'
  readonly id: number
  readonly buffer: SharedArrayBuffer
  readonly segments: PackedSegments
}

/** What a worker is started with. */
export interface WorkerSettings {
  readonly dataset: string
  readonly chunkRows: number
  readonly chunkBytes: number
  readonly maxLineBytes: number
  /** Where the worker notes the input and the line that it works on, for the message if it dies. */
  readonly position: SharedArrayBuffer
  /** Where it notes the same for when the whole process dies. */
  readonly notes?: NotePlace
}

/** A record that was rejected, before its line is counted from the start of its object. */
export interface ShardReject {
  /** From 1, counted from the start of the segment. */
  readonly line: number
  readonly reason: RejectReason
  readonly message: string
  readonly raw?: string
  readonly rawBase64?: string
}

/** What became of a segment. */
export interface SegmentCounts {
  /** Lines, blank ones included. */
  lines: number
  records: number
  kept: number
  dropped: number
  rejects: ShardReject[]
}

/** What a worker made of a shard. */
export interface ShardResult {
  readonly type: 'result'
  readonly id: number
  readonly chunks: readonly PackedChunk[]
  /** One a segment, in their order. */
  readonly counts: PackedCounts
  readonly encodedValues: number
  readonly phaseSeconds: Readonly<Record<string, number>>
}

export type WorkerMessage = ShardResult | { readonly type: 'failed'; readonly error: ErrorData }

/** Segments on their way between threads, five numbers each: a clone of objects would cost more than a small file. */
export type PackedSegments = Int32Array

const SEGMENT_NUMBERS = 5

export function packSegments(segments: readonly Segment[]): PackedSegments {
  const packed = new Int32Array(segments.length * SEGMENT_NUMBERS)
  let at = 0
  for (const { input, start, length, gzip, first } of segments) {
    packed[at++] = input
    packed[at++] = start
    packed[at++] = length
    packed[at++] = Number(gzip)
    packed[at++] = Number(first)
  }
  return packed
}

export function* unpackSegments(packed: PackedSegments): Generator<Segment> {
  for (let at = 0; at < packed.length; at += SEGMENT_NUMBERS) {
    yield {
      input: packed[at]!,
      start: packed[at + 1]!,
      length: packed[at + 2]!,
      gzip: packed[at + 3] === 1,
      first: packed[at + 4] === 1,
    }
  }
}

/** Counts on their way between threads. */
export interface PackedCounts {
  /** Lines, records, kept and dropped of each segment. */
  readonly numbers: Int32Array
  /** In the order of their segments and lines. */
  readonly rejects: readonly { readonly segment: number; readonly reject: ShardReject }[]
}

const COUNT_NUMBERS = 4

export function packCounts(counts: readonly SegmentCounts[]): PackedCounts {
  const numbers = new Int32Array(counts.length * COUNT_NUMBERS)
  let at = 0
  for (const { lines, records, kept, dropped } of counts) {
    numbers[at++] = lines
    numbers[at++] = records
    numbers[at++] = kept
    numbers[at++] = dropped
  }
  const rejects = counts.flatMap((of, segment) => of.rejects.map((reject) => ({ segment, reject })))
  return { numbers, rejects }
}

export function* unpackCounts({ numbers, rejects }: PackedCounts): Generator<SegmentCounts> {
  let next = 0
  for (let segment = 0; segment * COUNT_NUMBERS < numbers.length; segment++) {
    const at = segment * COUNT_NUMBERS
    const own: ShardReject[] = []
    while (rejects[next]?.segment === segment) own.push(rejects[next++]!.reject)
    yield {
      lines: numbers[at]!,
      records: numbers[at + 1]!,
      kept: numbers[at + 2]!,
      dropped: numbers[at + 3]!,
      rejects: own,
    }
  }
}
