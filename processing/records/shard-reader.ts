import { gunzipSync } from 'node:zlib'
import type { CrashNotes } from '../crashes/crash-notes.ts'
import {
  packCounts,
  unpackSegments,
  type SegmentCounts,
  type ShardResult,
  type ShardTask,
} from '../read/shard.ts'
import type { PackedChunk } from '../parquet/chunk.ts'
import { rowEncoder } from '../parquet/row-encoder.ts'
import type { ColumnSpec } from '../../core/columns.ts'
import { rowCheck, type RawRow } from './check-row.ts'
import { cutLines } from '../read/cut-lines.ts'
import { inflate } from '../read/inflate.ts'
import { lineReader, type LineReader } from './line-reader.ts'
import { phaseClock, SAMPLE } from './phases.ts'

/** Inflated bytes up to which a compressed object is held whole. */
const MAX_INFLATED = 32 * 1024 * 1024
const ROWS_BETWEEN_CHECKS = 64
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const

export interface ShardReaderOptions {
  readonly columns: readonly ColumnSpec[]
  readonly extract: (record: unknown, context: unknown) => unknown
  readonly context: unknown
  readonly chunkRows: number
  readonly chunkBytes: number
  readonly maxLineBytes: number
  /** Notes the input and the line that are worked on. */
  readonly position: Int32Array
  /** Notes the same where it outlives the process. */
  readonly notes?: CrashNotes
}

/**
 * A function that turns shards into encoded chunks, counts and rejects. Holds a record, a page a column and the
 * compressed chunks of the shard; an object that inflates to more than 32 MiB is read as a stream.
 */
export function shardReader(options: ShardReaderOptions): (task: ShardTask) => Promise<ShardResult> {
  const { columns, chunkRows, chunkBytes, position, notes } = options
  const clock = phaseClock()
  const encoder = rowEncoder(columns, clock)
  let chunks: PackedChunk[] = []
  let sequence = 0
  /** The segment that is read. */
  let current = { shard: 0, input: 0, first: false }

  const readLines = lineReader({
    ...options,
    clock,
    check: rowCheck(columns),
    onRow: appendRow,
    onLine: (line) => {
      // Lines before a later stretch of an object are counted elsewhere.
      const known = current.first ? line : 0
      position[1] = known
      if (notes?.lines) notes.at({ ...current, line: known })
    },
  })

  return async ({ id, buffer, segments }) => {
    const valuesBefore = encoder.values
    const counted: SegmentCounts[] = []
    for (const segment of unpackSegments(segments)) {
      position[0] = segment.input
      current = { shard: id, input: segment.input, first: segment.first }
      notes?.at({ ...current, line: 0 })
      const counts: SegmentCounts = { lines: 0, records: 0, kept: 0, dropped: 0, rejects: [] }
      const bytes = Buffer.from(buffer, segment.start, segment.length)
      if (segment.gzip) await readGzip(bytes, readLines, counts, options.maxLineBytes, clock)
      else readLines(segment.first ? withoutMark(bytes) : bytes, counts)
      counted.push(counts)
    }
    if (encoder.rows > 0) finishChunk()
    notes?.idle()
    const result: ShardResult = {
      type: 'result',
      id,
      chunks,
      counts: packCounts(counted),
      encodedValues: encoder.values - valuesBefore,
      phaseSeconds: takeSeconds(),
    }
    chunks = []
    return result
  }

  function appendRow(row: RawRow): void {
    const timed = sequence++ % SAMPLE === 0
    const begun = timed ? performance.now() : 0
    const compressed = clock.compressSeconds
    encoder.append(row)
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

  /** Extraction was timed with encoding and compression in it. */
  function takeSeconds(): Record<string, number> {
    clock.seconds.compress = clock.compressSeconds
    clock.seconds.extract = Math.max(0, clock.seconds.extract - clock.seconds.encode)
    const seconds = { ...clock.seconds }
    for (const phase of Object.keys(seconds)) clock.seconds[phase as keyof typeof clock.seconds] = 0
    clock.compressSeconds = 0
    return seconds
  }
}

/** Reads a compressed object: at once where it is whole and small, as a stream otherwise. */
async function readGzip(
  bytes: Buffer,
  readLines: LineReader,
  counts: SegmentCounts,
  maxLineBytes: number,
  clock: { seconds: { inflate: number } },
): Promise<void> {
  const begun = performance.now()
  const whole = inflateWhole(bytes)
  clock.seconds.inflate += (performance.now() - begun) / 1000
  if (whole) return readLines(withoutMark(whole), counts)
  let first = true
  for await (const cut of cutLines(inflate([bytes]), maxLineBytes)) {
    if (cut.kind === 'reject') {
      counts.lines++
      counts.records++
      counts.rejects.push({ line: counts.lines, ...cut.reject })
    } else {
      const lines = Buffer.from(cut.buffer, cut.start, cut.length)
      readLines(first ? withoutMark(lines) : lines, counts)
    }
    first = false
  }
}

/** The inflated bytes, or undefined for an object that is broken, too large or followed by something else. */
function inflateWhole(bytes: Buffer): Buffer | undefined {
  if (bytes.length === 0) return bytes
  try {
    const { buffer, engine } = gunzipSync(bytes, {
      maxOutputLength: MAX_INFLATED,
      info: true,
    }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    return engine.bytesWritten === bytes.length ? buffer : undefined
  } catch {
    return undefined
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes
}
