import type { Compression } from '../../core/manifest.ts'
import type { ByteRange, RejectReason } from '../../core/rejects.ts'
import type { ColumnPart } from '../../core/sketches/column-sketch.ts'
import type { Counted } from '../../core/sketches/day-sketch.ts'
import type { NotePlace } from '../crashes/crash-notes.ts'
import type { PackedChunk } from '../parquet/chunk.ts'

/** Messages between the main thread and the workers. */

/** A stretch of one raw object in a shard's buffer: whole lines of decoded text, or a whole object as it is stored. */
export interface Segment {
  /** Index of the object among the inputs. */
  readonly input: number
  /** Position of the first byte in the shard's buffer. */
  readonly start: number
  readonly length: number
  /** True for a whole object as it is stored: its first bytes tell how to read it. */
  readonly whole: boolean
  /** True at an object's beginning, where a byte order mark is skipped. */
  readonly first: boolean
}

/**
 * A worker's unit of work, which the main thread sends. The memory is shared, so that it outlives a worker that dies.
 */
export interface ShardTask {
  readonly type: 'shard'
  readonly id: number
  readonly buffer: SharedArrayBuffer
  readonly segments: PackedSegments
}

/**
 * Indices into a worker's position, an array of 32-bit integers: the input; its line, 0 if unknown; a number of the
 * record that differs from that of its neighbours, 0 while none is processed; the number of records that feature code
 * got at once, beginning with this one, 0 if it got one by itself. The worker writes it, the main thread watches it.
 */
export const POSITION = { input: 0, line: 1, record: 2, batch: 3 } as const
/** Value of the line until the worker's setup has ended. */
export const SETTING_UP = -1
/** Bytes of a worker's position. */
export const POSITION_BYTES = 16

/** Settings that the main thread starts a worker with, as its `workerData`. */
export interface WorkerSettings {
  readonly dataset: string
  readonly chunkRows: number
  readonly chunkBytes: number
  readonly maxLineBytes: number
  /** Memory in which the worker notes its {@link POSITION}. */
  readonly position: SharedArrayBuffer
  /** Slot in which it notes the same in case the whole process dies. */
  readonly notes?: NotePlace
}

/** A rejected record, located in its segment. */
export interface ShardReject {
  /** Line, from 1 at the start of the segment. */
  readonly line: number
  readonly reason: RejectReason
  readonly message: string
  readonly raw?: string
  readonly rawBase64?: string
  /** Range of the record's bytes, if not all of them are kept; decoded bytes count from the start of the segment. */
  readonly range?: ByteRange
  /**
   * The message without any value of the record, which logs, causes and summaries may have.
   * @default an earlier reject of the same reason has one
   */
  readonly outline?: string
}

/** Counts of what became of a segment. */
export interface SegmentCounts {
  /** Lines, blank ones included. */
  lines: number
  records: number
  kept: number
  dropped: number
  /** Decoded bytes of lines, counted as lines are read. */
  bytes: number
  /** Bytes of rejected records among them. */
  rejectedBytes: number
  /** Decoded bytes, counted as they are decoded. */
  decoded: number
  /** Compression of the object. @default none, or it was not found out here */
  compression?: Compression
  rejects: ShardReject[]
  /** Reason why the object, or its end, could not be read, and the number of stored bytes in question. */
  unread?: { readonly why: string; readonly bytes: number }
}

/** A worker's result for a shard, which it sends to the main thread. */
export interface ShardResult {
  readonly type: 'result'
  readonly id: number
  readonly chunks: readonly PackedChunk[]
  /** Counts of each segment, in their order. */
  readonly counts: PackedCounts
  /** Profiles of the columns of its rows, in the order of the columns. */
  readonly columns: readonly ColumnPart[]
  readonly counted: readonly Counted[]
  readonly encodedValues: number
  readonly phaseSeconds: Readonly<Record<string, number>>
}

/**
 * Segments as they are sent to workers, five numbers each: cloning objects would cost more than reading a small file.
 */
export type PackedSegments = Int32Array

const SEGMENT_NUMBERS = 5

/** Packs segments for a {@link ShardTask}. */
export function packSegments(segments: readonly Segment[]): PackedSegments {
  const packed = new Int32Array(segments.length * SEGMENT_NUMBERS)
  let at = 0
  for (const { input, start, length, whole, first } of segments) {
    packed[at++] = input
    packed[at++] = start
    packed[at++] = length
    packed[at++] = Number(whole)
    packed[at++] = Number(first)
  }
  return packed
}

/** Unpacks segments in their order, one at a time. */
export function* unpackSegments(packed: PackedSegments): Generator<Segment> {
  for (let at = 0; at < packed.length; at += SEGMENT_NUMBERS) {
    yield {
      input: packed[at]!,
      start: packed[at + 1]!,
      length: packed[at + 2]!,
      whole: packed[at + 3] === 1,
      first: packed[at + 4] === 1,
    }
  }
}

/** Counts as workers send them. */
export interface PackedCounts {
  /** {@link NUMBERS} of each segment, one segment after the other. */
  readonly numbers: Float64Array
  /** In the order of their segments and lines. */
  readonly rejects: readonly { readonly segment: number; readonly reject: ShardReject }[]
  /** Properties that few segments have. */
  readonly rare: readonly { readonly segment: number; readonly of: Rare }[]
}

type Rare = Pick<SegmentCounts, 'compression' | 'unread'>
const NUMBERS = ['lines', 'records', 'kept', 'dropped', 'bytes', 'rejectedBytes', 'decoded'] as const

/** Packs the counts of a shard's segments for a {@link ShardResult}. */
export function packCounts(counts: readonly SegmentCounts[]): PackedCounts {
  const numbers = new Float64Array(counts.length * NUMBERS.length)
  let at = 0
  for (const of of counts) for (const name of NUMBERS) numbers[at++] = of[name]
  const rejects = counts.flatMap((of, segment) => of.rejects.map((reject) => ({ segment, reject })))
  const rare = counts.flatMap(({ compression, unread }, segment) => {
    const of = { ...(compression && { compression }), ...(unread && { unread }) }
    return compression || unread ? [{ segment, of }] : []
  })
  return { numbers, rejects, rare }
}

/** Unpacks the counts of segments in their order, one at a time. */
export function* unpackCounts({ numbers, rejects, rare }: PackedCounts): Generator<SegmentCounts> {
  let [nextReject, nextRare] = [0, 0]
  for (let segment = 0; segment * NUMBERS.length < numbers.length; segment++) {
    const at = segment * NUMBERS.length
    const counts = newCounts()
    for (const [index, name] of NUMBERS.entries()) counts[name] = numbers[at + index]!
    while (rejects[nextReject]?.segment === segment) counts.rejects.push(rejects[nextReject++]!.reject)
    if (rare[nextRare]?.segment === segment) Object.assign(counts, rare[nextRare++]!.of)
    yield counts
  }
}

/** Returns the counts of a segment before any of it is read. */
export function newCounts(): SegmentCounts {
  return { lines: 0, records: 0, kept: 0, dropped: 0, bytes: 0, rejectedBytes: 0, decoded: 0, rejects: [] }
}

/** Moves a reject of a segment behind earlier lines of the same object: adds their lines and bytes to its place. */
export function behind(
  { lines, bytes }: Pick<SegmentCounts, 'lines' | 'bytes'>,
  reject: ShardReject,
): ShardReject {
  const { range } = reject
  const moved = { ...reject, line: lines + reject.line }
  if (range?.of !== 'decoded') return moved
  return { ...moved, range: { ...range, start: range.start + bytes, end: range.end + bytes } }
}
