import type { CrashNotes } from '../crashes/crash-notes.ts'
import {
  newCounts,
  packCounts,
  POSITION,
  unpackSegments,
  type SegmentCounts,
  type ShardResult,
  type ShardTask,
} from '../read/shard.ts'
import { chunkMemory, type PackedChunk } from '../parquet/chunk.ts'
import { rowEncoder } from '../parquet/row-encoder.ts'
import type { Check } from '../../core/checks.ts'
import type { ColumnSpec } from '../../core/columns.ts'
import { checkCounter } from '../profile/count-checks.ts'
import { shardProfiler } from '../profile/shard-profiler.ts'
import { rowCheck, type RawRow } from './check-row.ts'
import { recordParser } from './json/record-parser.ts'
import { lineReader, type Extraction, type LineReader } from './line-reader.ts'
import { objectReader } from './object-reader.ts'
import { phaseClock, SAMPLE } from './phases.ts'

const ROWS_BETWEEN_CHECKS = 64
/** Greatest number that a position holds. */
const MAX_RECORD = 2 ** 31 - 1

/** Columns and feature code of a dataset, and limits of chunks and lines. */
export type ShardReaderOptions = Extraction & {
  readonly columns: readonly ColumnSpec[]
  /** Checks of the dataset; those whose failures are counted row by row are used. @default none */
  readonly checks?: readonly Check[] | undefined
  /** Result of the dataset's `setup`. */
  readonly context: unknown
  /** Maximum number of rows of a chunk. */
  readonly chunkRows: number
  /** Compressed bytes at which a chunk is closed. */
  readonly chunkBytes: number
  /** Maximum length of a line in bytes; the record of a longer one is rejected. */
  readonly maxLineBytes: number
  /** Shared memory to write the worker's {@link POSITION} to. */
  readonly position: Int32Array
  /** Crash notes to write the position to as well, in case the process dies. @default none */
  readonly notes?: CrashNotes
}

/**
 * Makes the function with which a worker turns a shard into encoded chunks, counts and rejects. Holds a record or a
 * batch, one page per column, and the compressed chunks of the shard. An object that inflates to more than 32 MiB is
 * decoded as a stream.
 */
export function shardReader(options: ShardReaderOptions): (task: ShardTask) => Promise<ShardResult> {
  const { columns, chunkRows, chunkBytes, position, notes } = options
  const clock = phaseClock()
  const profiler = shardProfiler(columns)
  const memory = chunkMemory()
  const parser = recordParser()
  const encoder = rowEncoder(columns, clock, profiler.observers, memory, parser.known)
  const counter = checkCounter(options.checks ?? [])
  let chunks: PackedChunk[] = []
  let sequence = 0
  let number = 0
  /** The segment that is being read. */
  let current = { shard: 0, input: 0, first: false }

  /** The segments of the shard, by their counts. */
  const segmentOf = new Map<SegmentCounts, typeof current>()

  const records = lineReader({
    ...options,
    clock,
    parser,
    check: rowCheck(columns),
    onRow: appendRow,
    onLine: (line) => {
      noteRecord(current, line, 0)
    },
    onBatch: (counts, line, records) => {
      noteRecord(segmentOf.get(counts)!, line, records)
    },
  })

  /** Reads lines. Decoding between them may take long, and no record is to blame for that. */
  const readLines: LineReader = (bytes, counts) => {
    const reading = records.readLines(bytes, counts)
    if (reading) return reading.then(noteNone)
    return noteNone()
  }
  const reader = objectReader({ readLines, maxLineBytes: options.maxLineBytes, clock })

  return async ({ id, buffer, segments, spare = [] }) => {
    memory.give(spare)
    const valuesBefore = encoder.values
    profiler.begin(id)
    const counted: SegmentCounts[] = []
    for (const segment of unpackSegments(segments)) {
      position[POSITION.input] = segment.input
      current = { shard: id, input: segment.input, first: segment.first }
      notes?.at({ ...current, line: 0 })
      const counts = newCounts()
      segmentOf.set(counts, current)
      const bytes = Buffer.from(buffer, segment.start, segment.length)
      const reading = segment.whole ? reader.whole(bytes, counts) : reader.lines(bytes, counts, segment.first)
      // A promise per small object would cost more than reading it.
      if (reading) await reading
      counted.push(counts)
    }
    const finishing = records.finish()
    if (finishing) await finishing.then(noteNone)
    segmentOf.clear()
    if (encoder.rows > 0) finishChunk()
    notes?.idle()
    const result: ShardResult = {
      type: 'result',
      id,
      chunks,
      counts: packCounts(counted),
      columns: profiler.take(),
      counted: counter?.take() ?? [],
      encodedValues: encoder.values - valuesBefore,
      phaseSeconds: takeSeconds(),
    }
    chunks = []
    return result
  }

  function noteRecord({ shard, input, first }: typeof current, line: number, batch: number): void {
    // Lines before a later stretch of an object are counted elsewhere, so that its line is unknown here.
    const known = first ? line : 0
    position[POSITION.input] = input
    position[POSITION.line] = known
    position[POSITION.batch] = batch
    number = (number % MAX_RECORD) + 1
    position[POSITION.record] = number
    if (notes?.lines) notes.at({ shard, input, line: known })
  }

  function noteNone(): void {
    position[POSITION.record] = 0
  }

  function appendRow(row: RawRow): void {
    const timed = sequence++ % SAMPLE === 0
    const begun = timed ? performance.now() : 0
    const compressed = clock.compressSeconds
    encoder.append(row)
    counter?.add(row)
    if (timed) {
      const elapsed = (performance.now() - begun) / 1000 - (clock.compressSeconds - compressed)
      clock.seconds.encode += elapsed * SAMPLE
    }
    if (encoder.rows >= chunkRows) finishChunk()
    else if (encoder.rows % ROWS_BETWEEN_CHECKS === 0 && encoder.bytes >= chunkBytes) finishChunk()
  }

  function finishChunk(): void {
    chunks.push(encoder.finish())
  }

  /** Returns the seconds of each phase and resets them. Extraction was timed with encoding in it. */
  function takeSeconds(): Record<string, number> {
    clock.seconds.compress = clock.compressSeconds
    clock.seconds.extract = Math.max(0, clock.seconds.extract - clock.seconds.encode)
    const seconds = { ...clock.seconds }
    for (const phase of Object.keys(seconds)) clock.seconds[phase as keyof typeof clock.seconds] = 0
    clock.compressSeconds = 0
    return seconds
  }
}
