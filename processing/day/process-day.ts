import type { ColumnSpec } from '../../core/columns.ts'
import type { Input, RawObject } from '../../core/manifest.ts'
import type { FileLimits, Reject, RejectedFor } from '../../core/messages.ts'
import { bufferPool, type BufferPool } from '../read/buffer-pool.ts'
import type { ProcessNotes } from '../crashes/crash-notes.ts'
import { cutShards, type Shard } from '../read/cut-shards.ts'
import { unpackChunk } from '../parquet/chunk.ts'
import { partAssembler, type FinishedPart, type PartAssembler } from '../write/part-assembler.ts'
import { planReads, SHARD_BYTES } from '../read/plan-reads.ts'
import { readAhead } from '../read/read-ahead.ts'
import { MAX_LINE_BYTES } from '../read/unread-lines.ts'
import { rejectWriter, type FinishedRejects, type RejectWriter } from '../write/reject-writer.ts'
import {
  packSegments,
  unpackCounts,
  type SegmentCounts,
  type ShardReject,
  type ShardResult,
} from '../read/shard.ts'
import type { Sink } from '../write/sink.ts'
import type { Source } from '../read/source.ts'
import { workerPool, type WorkerPool, type WorkerPoolOptions } from '../workers/worker-pool.ts'

/** Most rows of a chunk: what a row group may have beyond its limit. */
const CHUNK_ROWS = 32_768
/** Compressed bytes at which a chunk is closed, for rows that are larger than their records. */
const CHUNK_BYTES = 16 * 1024 * 1024
/** Most MiB of a worker's old heap: room for a line of the greatest length and what is made of it. */
const HEAP_MEGABYTES = 1024

export interface ProcessDayOptions {
  readonly dataset: string
  readonly columns: readonly ColumnSpec[]
  /** In key order. Workers start while they are listed. */
  readonly inputs: readonly RawObject[] | Promise<readonly RawObject[]>
  readonly generation: number
  readonly limits: FileLimits
  readonly source: Source
  readonly sink: Sink
  /** The bundled `worker.mjs`. */
  readonly workerUrl: URL
  /** Worker threads. They change the time that the day takes, and nothing else. */
  readonly workers: number
  /**
   * Raw bytes of a shard.
   * @default 4 MiB
   */
  readonly shardBytes?: number
  /**
   * Longest line that is read; a longer one is a reject.
   * @default 128 MiB
   */
  readonly maxLineBytes?: number
  /** MiB of a worker's heap. @default 1024 */
  readonly heapMegabytes?: number
  /** Where workers note what they are at, and what they noted before the process crashed. @default nowhere */
  readonly notes?: ProcessNotes | undefined
  /** Updated while the day is processed. */
  readonly tally?: Tally
  readonly signal?: AbortSignal
}

/** What has been done so far. */
export interface Tally {
  files: number
  records: number
  rows: number
  rejected: number
  bytes: number
}

export function newTally(): Tally {
  return { files: 0, records: 0, rows: 0, rejected: 0, bytes: 0 }
}

export interface ProcessedDay {
  readonly inputs: readonly Input[]
  readonly parts: readonly FinishedPart[]
  readonly rejects: readonly FinishedRejects[]
  /** The reasons of the rejects, the commonest first. */
  readonly rejectedFor: readonly RejectedFor[]
  /** Values that encoders took, counted there. */
  readonly encodedValues: number
  /** Of these, how many are not in the parts as they were encoded first. */
  readonly reencodedValues: number
  /** Seconds by phase, summed over threads. */
  readonly phaseSeconds: Readonly<Record<string, number>>
}

/**
 * Turns a day's raw objects into parts and reject files. Same inputs, same code: the same bytes, whatever the number
 * of workers. Holds a bounded number of shards, which grows with the workers, and one row group; nothing grows with
 * the day but a few numbers a file.
 *
 * @throws DayfoldError RawObjectChanged, WorkerDied, InvalidDataset; what was begun in the sink is given up
 */
export async function processDay(options: ProcessDayOptions): Promise<ProcessedDay> {
  const { dataset, columns, generation, limits, sink, workers } = options
  const shardBytes = options.shardBytes ?? SHARD_BYTES
  const maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES
  const chunkRows = Math.min(CHUNK_ROWS, limits.partRows)
  const buffers = bufferPool(shardBytes)
  let inputs: readonly RawObject[] = []
  const pool = workerPool({
    workers,
    workerUrl: options.workerUrl,
    settings: { dataset, chunkRows, chunkBytes: CHUNK_BYTES, maxLineBytes },
    heapMegabytes: options.heapMegabytes ?? HEAP_MEGABYTES,
    nameOf: (input) => inputs[input]!.key,
    ...placeNotes(options.notes),
  })
  try {
    if (options.inputs instanceof Promise) pool.prepare(workers)
    inputs = await options.inputs
    pool.prepare(Math.ceil(inputs.reduce((bytes, { size }) => bytes + size, 0) / shardBytes))
    const merger = merge({
      inputs,
      tally: options.tally ?? newTally(),
      parts: partAssembler({ columns, limits, generation, sink, chunkRows }),
      rejects: rejectWriter(sink, generation),
    })
    const reads = readAhead(planReads(inputs, shardBytes), {
      inputs,
      source: options.source,
      pool: buffers,
      aheadBytes: shardBytes * (workers + 2),
      onRead: (seconds) => merger.spend('read', seconds),
    })
    const shards = cutShards(reads, { pool: buffers, shardBytes, maxLineBytes })
    try {
      await mergeInOrder(shards, pool, buffers, merger, workers * 2 + 1, options.signal)
      return await merger.finish()
    } catch (error) {
      await merger.abort()
      throw error
    }
  } finally {
    await pool.close()
  }
}

function placeNotes(notes: ProcessNotes | undefined): Pick<WorkerPoolOptions, 'notes' | 'alone'> {
  if (!notes) return {}
  const { fd, crashes } = notes
  const alone = new Set(crashes.flatMap(({ positions }) => positions.map(({ shard }) => shard)))
  return { notes: { fd, lines: crashes.length > 0 }, alone }
}

/** Gives shards to workers and their results to the merger, in the order of the shards, at most `window` apart. */
async function mergeInOrder(
  shards: AsyncIterable<Shard>,
  pool: WorkerPool,
  buffers: BufferPool,
  merger: Merger,
  window: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pending: Promise<() => Promise<void>>[] = []
  let id = 0
  for await (const shard of shards) {
    signal?.throwIfAborted()
    const result = shard.kind === 'reject' ? Promise.resolve(() => merger.addReject(shard)) : run(shard)
    // Awaited in its turn; until then its failure is nobody's.
    result.catch(() => {})
    pending.push(result)
    if (pending.length >= window) await (await pending.shift()!)()
  }
  for (const result of pending) await (await result)()
  signal?.throwIfAborted()

  async function run(shard: Extract<Shard, { kind: 'lines' }>): Promise<() => Promise<void>> {
    const { buffer, segments } = shard
    const result = await pool.run({ type: 'shard', id: id++, buffer, segments: packSegments(segments) })
    buffers.release(buffer)
    return () => merger.addResult(shard, result)
  }
}

interface Merger {
  addResult(shard: Extract<Shard, { kind: 'lines' }>, result: ShardResult): Promise<void>
  addReject(shard: Extract<Shard, { kind: 'reject' }>): Promise<void>
  spend(phase: string, seconds: number): void
  finish(): Promise<ProcessedDay>
  abort(): Promise<void>
}

interface MergeOptions {
  readonly inputs: readonly RawObject[]
  readonly tally: Tally
  readonly parts: PartAssembler
  readonly rejects: RejectWriter
}

/** Collects results, which come in the order of the shards: counts by input, line numbers from the file's start. */
function merge({ inputs, tally, parts, rejects }: MergeOptions): Merger {
  const counted = inputs.map(({ key, etag, size }) => {
    return { key, etag, size, records: 0, kept: 0, dropped: 0, rejected: 0 }
  })
  const phaseSeconds: Record<string, number> = {}
  let encodedValues = 0
  /** The input that the last segment belonged to, and its lines so far. */
  let current = { input: -1, lines: 0 }

  const spend = (phase: string, seconds: number) => {
    phaseSeconds[phase] = (phaseSeconds[phase] ?? 0) + seconds
  }

  return {
    spend,
    async addResult(shard, result) {
      let segment = 0
      const rejected: Reject[] = []
      for (const counts of unpackCounts(result.counts)) {
        rejected.push(...count(shard.segments[segment++]!.input, counts))
      }
      if (rejected.length > 0) await rejects.add(rejected)
      tally.bytes += shard.rawBytes
      encodedValues += result.encodedValues
      for (const [phase, seconds] of Object.entries(result.phaseSeconds)) spend(phase, seconds)
      const begun = performance.now()
      for (const chunk of result.chunks) {
        tally.rows += chunk.rows
        await parts.add(unpackChunk(chunk))
      }
      spend('splice', (performance.now() - begun) / 1000)
    },
    addReject({ input, reject }) {
      const counts = { lines: 1, records: 1, kept: 0, dropped: 0, rejects: [{ line: 1, ...reject }] }
      return rejects.add(count(input, counts))
    },
    async finish() {
      const finishedParts = await parts.finish()
      const finishedRejects = await rejects.finish()
      tally.files = inputs.length
      const writtenValues = finishedParts.reduce((sum, { values }) => sum + values, 0)
      const reencodedValues = encodedValues - writtenValues
      return {
        inputs: counted,
        parts: finishedParts,
        rejects: finishedRejects,
        rejectedFor: rejects.reasons(),
        encodedValues,
        reencodedValues,
        phaseSeconds,
      }
    },
    async abort() {
      await Promise.allSettled([parts.abort(), rejects.abort()])
    },
  }

  /** Adds up what became of a segment; returns its rejects. */
  function count(input: number, counts: SegmentCounts): Reject[] {
    if (current.input !== input) current = { input, lines: 0 }
    const of = counted[input]!
    of.records += counts.records
    of.kept += counts.kept
    of.dropped += counts.dropped
    of.rejected += counts.rejects.length
    tally.files = input
    tally.records += counts.records
    tally.rejected += counts.rejects.length
    const located = counts.rejects.map((reject) => locate(input, reject))
    current.lines += counts.lines
    return located
  }

  function locate(input: number, { line, ...reject }: ShardReject): Reject {
    return { source: inputs[input]!.key, line: current.lines + line, ...reject }
  }
}
