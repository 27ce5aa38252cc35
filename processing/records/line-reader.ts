import { isAscii, isUtf8 } from 'node:buffer'
import { passBlanks } from '../read/blanks.ts'
import { NEWLINE } from '../read/bytes.ts'
import type { SegmentCounts } from '../read/shard.ts'
import { tooLong } from '../read/unread-lines.ts'
import type { RawRow, RowCheck } from './check-row.ts'
import { readJson, type Spelling } from './json/read-json.ts'
import { recordParser, type RecordParser } from './json/record-parser.ts'
import { holdsSeveral, separateRecords, type Stretch } from './json/separate-records.ts'
import { SAMPLE, type PhaseClock } from './phases.ts'
import { extractError, INVALID_UTF8, invalidJson, notAnObject, rejecter, type Problem } from './problems.ts'
import { recordBatch, type RecordBatch } from './record-batch.ts'
import { resultTaker, type TakeResult } from './take-result.ts'

/** Feature code of a dataset: `extract` for one record at a time, or `extractBatch` for several. */
export type Extraction =
  | { readonly extract: (record: unknown, context: unknown) => unknown; readonly extractBatch?: undefined }
  | {
      readonly extract?: undefined
      readonly extractBatch: (records: unknown[], context: unknown) => unknown
      /** Maximum number of records per batch. */
      readonly batch: number
    }

/** Feature code of a dataset, check and receiver of its rows, and limits of lines. */
export type LineReaderOptions = Extraction & {
  /** Result of the dataset's `setup`. */
  readonly context: unknown
  /** Check of each row. */
  readonly check: RowCheck
  /** Called with each row that has passed the check, in the order of the records. */
  readonly onRow: (row: RawRow) => void
  /** Maximum length of a line in bytes; the record of a longer one is rejected. */
  readonly maxLineBytes: number
  /** Counts the seconds of parsing and of feature code. */
  readonly clock: PhaseClock
  /**
   * Called before each line with its number in the segment, and again before each record of a line that holds several.
   */
  readonly onLine?: (line: number) => void
  /** Parses records of known shapes. @default a new one */
  readonly parser?: RecordParser
  /** Called before each call of `extractBatch` with the number of records, and with segment and line of the first. */
  readonly onBatch?: (counts: SegmentCounts, line: number, records: number) => void
}

/**
 * Reads whole lines and adds the outcome of their records to `counts`. Returns a promise if feature code takes batches.
 */
export type LineReader = (bytes: Buffer, counts: SegmentCounts) => Promise<void> | void

/** A reader of lines that may keep records until their batch is full. */
export interface BatchingReader {
  readonly readLines: LineReader
  /** Passes the records that still wait to feature code. */
  readonly finish: () => Promise<void> | void
}

/**
 * Makes a reader of JSON Lines that runs feature code over their records. The outcome of a line never depends on other
 * lines: what the parser learns from them only makes it faster. Holds one record at a time, or a batch.
 */
export function lineReader(options: LineReaderOptions): BatchingReader {
  const { maxLineBytes, clock, onLine, parser = recordParser() } = options
  const takeResult = resultTaker(options.check, options.onRow)
  const batch = options.extractBatch && recordBatch({ ...options, size: options.batch, takeResult })
  const extractFrom = recordTaker(options, takeResult)
  const rejects = rejecter()
  /** The remaining records of a line that holds several. */
  let several: Iterator<Stretch, undefined> | undefined
  let sequence = 0
  /** Encoding of the bytes that are read, found out at the first line that the parser does not know. */
  let encoding: Encoding | undefined
  return {
    readLines: (bytes, counts) => {
      encoding = undefined
      parser.open(bytes)
      if (batch) return readBatches(batch, bytes, counts)
      let start = 0
      while (start < bytes.length) start = readKnown(bytes, start, counts) ?? readAny(bytes, start, counts)
      return undefined
    },
    finish: () => batch?.run(rejects),
  }

  /**
   * Reads lines for batches. Records that wait at the end join those of the next object: a shard may have thousands of
   * small ones.
   */
  async function readBatches(batch: RecordBatch, bytes: Buffer, counts: SegmentCounts) {
    for (let start = 0; start < bytes.length || several;) {
      if (several) readNextOf(several, bytes, counts)
      else start = readKnown(bytes, start, counts) ?? readAny(bytes, start, counts)
      if (batch.isFull) await batch.run(rejects)
    }
    batch.detach()
  }

  /**
   * Reads the line at `start` if the parser knows its shape. Returns the start of the next line, or undefined if it
   * does not.
   */
  function readKnown(bytes: Buffer, start: number, counts: SegmentCounts): number | undefined {
    const timed = sequence % SAMPLE === 0
    const begun = timed ? performance.now() : 0
    const record = parser.parse(start)
    const { end } = parser
    if (record === undefined || end - start > maxLineBytes) return undefined
    sequence++
    counts.lines++
    counts.records++
    counts.bytes += end + 1 - start
    onLine?.(counts.lines)
    const parsed = timed ? performance.now() : 0
    take(record, bytes, start, end, counts)
    if (timed) spend(begun, parsed)
    return end + 1
  }

  /** Reads the line at `start`. Returns the start of the next line. */
  function readAny(bytes: Buffer, start: number, counts: SegmentCounts): number {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    counts.lines++
    onLine?.(counts.lines)
    if (passBlanks(bytes, start, end) < end) {
      encoding ??= encodingOf(bytes)
      if (end - start > maxLineBytes)
        rejects.pushReject(
          counts,
          end - start,
          tooLong(bytes.subarray(start, end), end - start, maxLineBytes, counts.bytes),
        )
      else if (encoding.isUtf8 || isUtf8(bytes.subarray(start, end)))
        readLine(bytes, start, end, counts, encoding.spelling)
      else readNone(bytes, start, end, counts, INVALID_UTF8)
    }
    counts.bytes += Math.min(end + 1, bytes.length) - start
    return end + 1
  }

  function readLine(
    bytes: Buffer,
    start: number,
    end: number,
    counts: SegmentCounts,
    spelling: Spelling,
  ): void {
    const timed = sequence++ % SAMPLE === 0
    const begun = timed ? performance.now() : 0
    let record: unknown
    try {
      record = readJson(bytes, start, end, spelling)
    } catch (error) {
      readNone(bytes, start, end, counts, invalidJson(error))
      return
    }
    parser.learn(record, bytes, start, end)
    const parsed = timed ? performance.now() : 0
    counts.records++
    take(record, bytes, start, end, counts)
    if (timed) spend(begun, parsed)
  }

  /** Handles a line that is no record. It may hold several; looking for them only here costs other lines nothing. */
  function readNone(
    bytes: Buffer,
    start: number,
    end: number,
    counts: SegmentCounts,
    problem: Problem,
  ): void {
    if (!holdsSeveral(bytes, start, end)) return rejects.reject(counts, problem, bytes.subarray(start, end))
    const stretches = separateRecords(bytes, start, end)
    if (batch) several = stretches
    else for (const [from, to] of stretches) readOne(bytes, from, to, counts)
  }

  function readNextOf(stretches: Iterator<Stretch, undefined>, bytes: Buffer, counts: SegmentCounts): void {
    const next = stretches.next()
    if (next.done) several = undefined
    else readOne(bytes, ...next.value, counts)
  }

  /** Reads one of several records of a line. */
  function readOne(bytes: Buffer, start: number, end: number, counts: SegmentCounts): void {
    onLine?.(counts.lines)
    if (!isUtf8(bytes.subarray(start, end)))
      return rejects.reject(counts, INVALID_UTF8, bytes.subarray(start, end))
    let record: unknown
    try {
      record = readJson(bytes, start, end)
    } catch (error) {
      return rejects.reject(counts, invalidJson(error), bytes.subarray(start, end))
    }
    counts.records++
    take(record, bytes, start, end, counts)
  }

  /** Hands on a record that has been counted. */
  function take(record: unknown, bytes: Buffer, start: number, end: number, counts: SegmentCounts): void {
    const problem = notAnObject(record) ?? (batch ? undefined : extractFrom(record, counts))
    if (problem) {
      counts.records--
      rejects.reject(counts, problem, bytes.subarray(start, end))
    } else batch?.add(record, bytes.subarray(start, end), counts)
  }

  function spend(begun: number, parsed: number): void {
    clock.seconds.parse += ((parsed - begun) * SAMPLE) / 1000
    clock.seconds.extract += ((performance.now() - parsed) * SAMPLE) / 1000
  }
}

/** Encoding of a shard. Looking at all bytes at once costs little; a line is only looked at where they are no UTF-8. */
interface Encoding {
  readonly isUtf8: boolean
  readonly spelling: Spelling
}

function encodingOf(bytes: Buffer): Encoding {
  return isAscii(bytes) ? { isUtf8: true, spelling: 'latin1' } : { isUtf8: isUtf8(bytes), spelling: 'utf8' }
}

/** Returns a function that runs the feature code over a record and takes its result. */
function recordTaker(
  { extract, context }: Pick<LineReaderOptions, 'extract' | 'context'>,
  takeResult: TakeResult,
) {
  return (record: unknown, counts: SegmentCounts): Problem | undefined => {
    let result: unknown
    try {
      result = extract!(record, context)
    } catch (error) {
      return extractError(error)
    }
    return takeResult(result, counts)
  }
}
