import type { ColumnSpec } from '../../core/columns.ts'
import type { RawObject } from '../../core/manifest.ts'
import type { FileLimits } from '../../core/file-limits.ts'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from '../../core/read-settings.ts'
import type { ProcessNotes } from '../crashes/crash-notes.ts'
import { bufferPool, type BufferPool } from '../read/buffer-pool.ts'
import type { Shard } from '../read/cut-shards.ts'
import { SHARD_BYTES } from '../read/plan-reads.ts'
import { readShards } from '../read/read-shards.ts'
import { readHere, type Reader } from '../read/reader.ts'
import type { Source } from '../read/source.ts'
import { MAX_LINE_BYTES } from '../read/unread-lines.ts'
import { mergeInOrder } from '../workers/merge-in-order.ts'
import type { SlowRecord } from '../workers/record-watch.ts'
import { workerPool, type WorkerPool, type WorkerPoolOptions } from '../workers/worker-pool.ts'
import { mergeResults, type Merger, type ProcessedDay } from '../write/merge-results.ts'
import { partAssembler } from '../write/part-assembler.ts'
import { rejectWriter } from '../write/reject-writer.ts'
import type { Sink } from '../write/sink.ts'
import { newTally, type Tally } from '../write/tally.ts'

/** Maximum number of rows of a chunk. A row group may exceed its limit by up to as many. */
const CHUNK_ROWS = 32_768
/** Compressed bytes at which a chunk is closed, for rows that are larger than their records. */
const CHUNK_BYTES = 16 * 1024 * 1024
/** Maximum size of a worker's old heap, in MiB: room for the longest line and what is made of it. */
const HEAP_MEGABYTES = 1024

/** Inputs of a day, receiver of its output, and limits of the work. */
export interface ProcessDayOptions {
  readonly dataset: string
  readonly columns: readonly ColumnSpec[]
  /** Raw objects in key order. May still be listed: workers are started meanwhile. */
  readonly inputs: readonly RawObject[] | Promise<readonly RawObject[]>
  /** Number of the generation, a part of each file's name. */
  readonly generation: number
  /** Token of the attempt, a part of each file's name. */
  readonly attempt: string
  /** Sizes of the parts and row groups to make. */
  readonly limits: FileLimits
  /** Provides the raw bytes. A `Source` is read in this thread, a `Reader` in threads of its own. */
  readonly source: Source | Reader
  /**
   * Maximum number of bytes, at any time, that are being read or wait for a worker. Choose many if the source takes
   * long to answer. Raised if it would not keep all workers busy.
   * @default one shard per worker, and two more
   */
  readonly aheadBytes?: number | undefined
  /** Receives parts and reject files. */
  readonly sink: Sink
  /** URL of the bundled `worker.mjs`. */
  readonly workerUrl: URL
  /** Number of worker threads. It changes how long the day takes, not the output. */
  readonly workers: number
  /**
   * Treatment of a raw object that has changed since it was listed: `fail` the job, or `skip` the object.
   * @default fail
   */
  readonly unreadable?: ReadSettings['unreadable']
  /**
   * Raw bytes per shard.
   * @default 4 MiB
   */
  readonly shardBytes?: number
  /**
   * Maximum length of a line in bytes; the record of a longer one is rejected.
   * @default 128 MiB
   */
  readonly maxLineBytes?: number
  /** Maximum size of a worker's heap, in MiB. @default 1024 */
  readonly heapMegabytes?: number
  /** Seconds after which a record is treated as if it had killed its worker. @default 60 */
  readonly recordSeconds?: number
  /** Called once for each record that takes longer than a second, while it is being processed. @default not called */
  readonly onSlowRecord?: (place: SlowRecord) => void
  /** Called once if `setup` takes several seconds, with the seconds so far. @default not called */
  readonly onSlowSetup?: (seconds: number) => void
  /** The job fails when this many workers have died on one shard. @default 2 */
  readonly deaths?: number
  /** File in which workers note what they process, and crashes of earlier attempts. @default no notes */
  readonly notes?: ProcessNotes | undefined
  /** Counts that are updated while the day is processed. @default new ones */
  readonly tally?: Tally
  /** When it is aborted, the call fails and files begun in the sink are discarded. */
  readonly signal?: AbortSignal
}

/**
 * Turns the raw objects of a day into parts and reject files. The same inputs and code give the same bytes, whatever
 * the number of workers. Holds one row group and a number of shards that is proportional to the workers; only a few
 * numbers per file grow with the day.
 *
 * @throws DayfoldError RawObjectChanged, WorkerDied or InvalidDataset; files begun in the sink are discarded
 */
export async function processDay(options: ProcessDayOptions): Promise<ProcessedDay> {
  const day: Day = { ...DEFAULTS, ...options }
  const buffers = bufferPool(day.shardBytes)
  const spare: SharedArrayBuffer[] = []
  let inputs: readonly RawObject[] = []
  const pool = openPool(day, spare, (input) => inputs[input]!.key)
  try {
    if (day.inputs instanceof Promise) pool.prepare(day.workers)
    inputs = await day.inputs
    pool.prepare(Math.ceil(inputs.reduce((bytes, { size }) => bytes + size, 0) / day.shardBytes))
    const merger = openMerger(day, spare, inputs)
    try {
      const shards = openShards(day, inputs, buffers, merger)
      await mergeInOrder(shards, { pool, buffers, merger, window: day.workers * 2 + 1, signal: day.signal })
      return await merger.finish()
    } catch (error) {
      await merger.abort()
      throw error
    }
  } finally {
    await pool.close()
  }
}

const DEFAULTS = {
  shardBytes: SHARD_BYTES,
  maxLineBytes: MAX_LINE_BYTES,
  heapMegabytes: HEAP_MEGABYTES,
  unreadable: DEFAULT_READ_SETTINGS.unreadable,
  recordSeconds: DEFAULT_READ_SETTINGS.recordTimeoutSeconds,
  deaths: 2,
}

type Day = ProcessDayOptions & typeof DEFAULTS

const chunkRowsOf = ({ limits }: Day) => Math.min(CHUNK_ROWS, limits.partRows)

function openPool(day: Day, spare: SharedArrayBuffer[], nameOf: (input: number) => string): WorkerPool {
  const { dataset, workers, workerUrl, maxLineBytes, heapMegabytes, notes, deaths } = day
  const { recordSeconds, onSlowRecord, onSlowSetup } = day
  const settings = { dataset, chunkRows: chunkRowsOf(day), chunkBytes: CHUNK_BYTES, maxLineBytes }
  const watch = { recordSeconds, onSlowRecord, onSlowSetup, deaths }
  return workerPool({
    workers,
    workerUrl,
    settings,
    heapMegabytes,
    spare,
    nameOf,
    ...watch,
    ...placeNotes(notes),
  })
}

function placeNotes(notes: ProcessNotes | undefined): Pick<WorkerPoolOptions, 'notes' | 'alone'> {
  if (!notes) return {}
  const { fd, crashes } = notes
  const alone = new Set(crashes.flatMap(({ positions }) => positions.map(({ shard }) => shard)))
  return { notes: { fd, lines: crashes.length > 0 }, alone }
}

function openMerger(day: Day, spare: SharedArrayBuffer[], inputs: readonly RawObject[]): Merger {
  const { columns, limits, generation, attempt, sink, tally = newTally() } = day
  const names = { generation, attempt }
  const parts = partAssembler({ columns, limits, ...names, sink, chunkRows: chunkRowsOf(day) })
  return mergeResults({ columns, inputs, tally, parts, rejects: rejectWriter(sink, names), spare })
}

function openShards(
  day: Day,
  inputs: readonly RawObject[],
  pool: BufferPool,
  merger: Merger,
): AsyncIterable<Shard> {
  const { source, workers, shardBytes, maxLineBytes, unreadable } = day
  const reader = 'fill' in source ? source : readHere(source)
  const aheadBytes = Math.max(shardBytes * (workers + 2), day.aheadBytes ?? 0)
  const onRead = (seconds: number) => merger.spend('read', seconds)
  return readShards({ inputs, reader, pool, aheadBytes, unreadable, onRead, shardBytes, maxLineBytes })
}
