import type { Compression } from '../../core/manifest.ts'
import type { ByteRange, RejectReason } from '../../core/rejects.ts'
import type { ColumnPart } from '../../core/sketches/column-sketch.ts'
import type { Counted } from '../../core/sketches/day-sketch.ts'
import type { NotePlace } from '../crashes/crash-notes.ts'
import type { PackedChunk } from '../parquet/chunk.ts'

/** Messages between the main thread and the workers. */

/** Range of one raw object in a shard's buffer: whole lines of decoded text, or a whole object as it is stored. */
export interface Segment {
  /** Index of the object among the inputs. */
  readonly input: number
  /** Position of the first byte in the shard's buffer. */
  readonly start: number
  /** Number of bytes. */
  readonly length: number
  /** True for a whole object as it is stored, which may be compressed. */
  readonly whole: boolean
  /** True for the beginning of an object, where a byte order mark is skipped. */
  readonly first: boolean
}

/**
 * Message of the main thread to a worker: process this shard. The buffer is shared memory, so that the shard can be
 * given to another worker if this one dies.
 */
export interface ShardTask {
  readonly type: 'shard'
  /** Index of the shard in the day, from 0. */
  readonly id: number
  /** Memory that contains the bytes of all segments. */
  readonly buffer: SharedArrayBuffer
  readonly segments: PackedSegments
  /** Memory of earlier chunks, to use again. @default none */
  readonly spare?: readonly SharedArrayBuffer[]
}

/**
 * Indexes into the position of a worker, four 32-bit integers in shared memory. The worker writes them, the main thread
 * watches them. `input`: index of the object. `line`: its line, 0 if unknown. `record`: a number that differs between
 * consecutive records, 0 while none is processed. `batch`: how many records feature code got at once, from this one on;
 * 0 for a single one.
 */
export const POSITION = { input: 0, line: 1, record: 2, batch: 3 } as const
/** Value of the line in a worker's position until the dataset's `setup` has ended. */
export const SETTING_UP = -1
/** Bytes of a worker's position. */
export const POSITION_BYTES = 16

/** Settings that a worker is started with, as its `workerData`. */
export interface WorkerSettings {
  /** Name of the dataset. */
  readonly dataset: string
  /** Maximum number of rows of a chunk. */
  readonly chunkRows: number
  /** Compressed bytes at which a chunk is closed. */
  readonly chunkBytes: number
  /** Maximum length of a line in bytes; the record of a longer one is rejected. */
  readonly maxLineBytes: number
  /** Memory in which the worker writes its {@link POSITION}. */
  readonly position: SharedArrayBuffer
  /** Slot of the crash notes in which it also writes its position, in case the process dies. @default none */
  readonly notes?: NotePlace
}

/** A rejected record, with its position in its segment. */
export interface ShardReject {
  /** Number of its line, from 1 at the start of the segment. */
  readonly line: number
  readonly reason: RejectReason
  /** Reason in words, which may contain values of the record. */
  readonly message: string
  /** Text of the record. Either this or `rawBase64` is set. */
  readonly raw?: string
  /** Bytes of the record in base64, if they cannot be kept as text. */
  readonly rawBase64?: string
  /**
   * Range of the record's bytes, if only the first of them are kept. Decoded bytes count from the start of the segment.
   */
  readonly range?: ByteRange
  /**
   * The message without any value of the record, which logs, causes and summaries may contain.
   * @default an earlier reject with the same reason has one
   */
  readonly outline?: string
}

/** Counts of the records and bytes of a segment. */
export interface SegmentCounts {
  /** Number of lines; blank ones count. */
  lines: number
  /** Number of records, valid or not. */
  records: number
  /** Number of records that gave rows. */
  kept: number
  /** Number of records for which feature code returned null or no rows. */
  dropped: number
  /** Decoded bytes of the lines, counted as lines are read. */
  bytes: number
  /** How many of these belong to rejected records. */
  rejectedBytes: number
  /** Decoded bytes, counted by the decoder. */
  decoded: number
  /** Compression of the object. @default none, or it is found out elsewhere */
  compression?: Compression
  /** Rejected records, in the order of lines. */
  rejects: ShardReject[]
  /**
   * Reason why the object, or its end, could not be read, and the number of stored bytes that were not. @default all
   * was read
   */
  unread?: { readonly why: string; readonly bytes: number }
}

/** Message of a worker to the main thread: the result of a shard. */
export interface ShardResult {
  readonly type: 'result'
  /** Index of the shard in the day, from 0. */
  readonly id: number
  /** Encoded rows, in the order of the records. */
  readonly chunks: readonly PackedChunk[]
  /** Counts of each segment, in the order of the segments. */
  readonly counts: PackedCounts
  /** Profiles of the columns, in their order. */
  readonly columns: readonly ColumnPart[]
  /** Values that failed checks which are counted row by row. */
  readonly counted: readonly Counted[]
  /** Number of values that were encoded, nulls included. */
  readonly encodedValues: number
  /** Seconds by phase. */
  readonly phaseSeconds: Readonly<Record<string, number>>
}

/**
 * Segments in the form in which they are kept and sent to workers, five numbers each: cloning objects would cost more
 * than reading a small file, and keeping them would fill the old heap.
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

/** Returns the index of a packed segment's object among the inputs. */
export const inputOf = (packed: PackedSegments, segment: number) => packed[segment * SEGMENT_NUMBERS]!

/** Restores packed segments one at a time, in their order. */
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

/** Counts of a shard's segments in the form in which workers send them. */
export interface PackedCounts {
  /** Seven counts of each segment, from `lines` to `decoded`, one segment after the other. */
  readonly numbers: Float64Array
  /** Rejects with the index of their segment, in the order of segments and lines. */
  readonly rejects: readonly { readonly segment: number; readonly reject: ShardReject }[]
  /** Compression and unread parts, which few segments have, with the index of their segment. */
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

/** Restores the counts of segments one at a time, in their order. */
export function* unpackCounts({ numbers, rejects, rare }: PackedCounts): Generator<SegmentCounts> {
  let [nextReject, nextRare] = [0, 0]
  for (let segment = 0; segment * NUMBERS.length < numbers.length; segment++) {
    const counts = newCounts()
    let at = segment * NUMBERS.length
    for (const name of NUMBERS) counts[name] = numbers[at++]!
    while (rejects[nextReject]?.segment === segment) counts.rejects.push(rejects[nextReject++]!.reject)
    if (rare[nextRare]?.segment === segment) Object.assign(counts, rare[nextRare++]!.of)
    yield counts
  }
}

/** Returns counts that are all 0, for a segment before it is read. */
export function newCounts(): SegmentCounts {
  return { lines: 0, records: 0, kept: 0, dropped: 0, bytes: 0, rejectedBytes: 0, decoded: 0, rejects: [] }
}

/**
 * Returns a reject with its line and range counted from the start of the object instead of the start of its segment.
 * The first argument has the lines and bytes of the object's earlier segments.
 */
export function behind(
  { lines, bytes }: Pick<SegmentCounts, 'lines' | 'bytes'>,
  reject: ShardReject,
): ShardReject {
  const { range } = reject
  const moved = { ...reject, line: lines + reject.line }
  if (range?.of !== 'decoded') return moved
  return { ...moved, range: { ...range, start: range.start + bytes, end: range.end + bytes } }
}
