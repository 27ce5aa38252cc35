import type { ErrorData } from '../core/errors.ts'
import type { RejectReason } from '../core/messages.ts'
import type { NotePlace } from './crash-notes.ts'
import type { PackedChunk } from './parquet/chunk.ts'

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
  readonly segments: readonly Segment[]
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
  readonly segments: readonly SegmentCounts[]
  readonly encodedValues: number
  readonly phaseSeconds: Readonly<Record<string, number>>
}

export type WorkerMessage = ShardResult | { readonly type: 'failed'; readonly error: ErrorData }
