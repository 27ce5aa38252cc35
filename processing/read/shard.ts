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
  /** Bytes in the shard's buffer. */
  readonly start: number
  readonly length: number
  /** True for a whole object as it is stored: its first bytes tell how to read it. */
  readonly whole: boolean
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

/**
 * Where stands what in a worker's position, which is of 32-bit integers: the input; its line, 0 where it is not known;
 * a number of the record that those next to it do not have, 0 while none is read; how many records feature code has
 * got at once, of which it is the first, 0 for one by itself.
 */
export const POSITION = { input: 0, line: 1, record: 2, batch: 3 } as const
/** In the place of the line, until the worker's setup has ended. */
export const SETTING_UP = -1
/** Bytes of a position. */
export const POSITION_BYTES = 16

/** What a worker is started with. */
export interface WorkerSettings {
  readonly dataset: string
  readonly chunkRows: number
  readonly chunkBytes: number
  readonly maxLineBytes: number
  /** Where the worker notes what it works on: {@link POSITION}. */
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
  /** Where the record's bytes are, when not all of them are kept: decoded ones from the start of the segment. */
  readonly range?: ByteRange
  /**
   * The message without any value of the record: logs, causes and summaries may have it.
   * @default another of the same reason before it has one
   */
  readonly outline?: string
}

/** What became of a segment. */
export interface SegmentCounts {
  /** Lines, blank ones included. */
  lines: number
  records: number
  kept: number
  dropped: number
  /** Decoded bytes of lines, counted as lines are read. */
  bytes: number
  /** Those of rejected records. */
  rejectedBytes: number
  /** Decoded bytes, counted as they are decoded. */
  decoded: number
  /** How the object is compressed, where that is found out. @default not, or it was not found out here */
  compression?: Compression
  rejects: ShardReject[]
  /** Why the object could not be read, or from where on, and how many of its stored bytes that are. */
  unread?: { readonly why: string; readonly bytes: number }
}

/** What a worker made of a shard. */
export interface ShardResult {
  readonly type: 'result'
  readonly id: number
  readonly chunks: readonly PackedChunk[]
  /** One a segment, in their order. */
  readonly counts: PackedCounts
  /** What is told of the values of its rows, in the order of the columns. */
  readonly columns: readonly ColumnPart[]
  readonly counted: readonly Counted[]
  readonly encodedValues: number
  readonly phaseSeconds: Readonly<Record<string, number>>
}

/** Segments on their way between threads, five numbers each: a clone of objects would cost more than a small file. */
export type PackedSegments = Int32Array

const SEGMENT_NUMBERS = 5

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

/** Counts on their way between threads. */
export interface PackedCounts {
  /** {@link NUMBERS} of each segment. */
  readonly numbers: Float64Array
  /** In the order of their segments and lines. */
  readonly rejects: readonly { readonly segment: number; readonly reject: ShardReject }[]
  /** What few segments have. */
  readonly rare: readonly { readonly segment: number; readonly of: Rare }[]
}

type Rare = Pick<SegmentCounts, 'compression' | 'unread'>
const NUMBERS = ['lines', 'records', 'kept', 'dropped', 'bytes', 'rejectedBytes', 'decoded'] as const

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

/** Counts of a segment of which nothing has been read yet. */
export function newCounts(): SegmentCounts {
  return { lines: 0, records: 0, kept: 0, dropped: 0, bytes: 0, rejectedBytes: 0, decoded: 0, rejects: [] }
}

/** A reject of a segment that follows lines of the same object, as it stands behind these. */
export function behind(
  { lines, bytes }: Pick<SegmentCounts, 'lines' | 'bytes'>,
  reject: ShardReject,
): ShardReject {
  const { range } = reject
  const moved = { ...reject, line: lines + reject.line }
  if (range?.of !== 'decoded') return moved
  return { ...moved, range: { ...range, start: range.start + bytes, end: range.end + bytes } }
}
