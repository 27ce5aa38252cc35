import { isUtf8 } from 'node:buffer'
import { NEWLINE, RETURN, passBlanks } from '../read/bytes.ts'
import type { SegmentCounts, ShardReject } from '../read/shard.ts'
import { rawOf, tooLong } from '../read/unread-lines.ts'
import { jsonProblem } from '../../core/json-problem.ts'
import type { RawRow, RowCheck } from './check-row.ts'
import { IN_OUTLINE, type Wording } from './check-value.ts'
import { readJson } from './json/read-json.ts'
import { recordParser } from './json/record-parser.ts'
import { holdsSeveral, separateRecords } from './json/separate-records.ts'
import { outlineOf } from './outline.ts'
import { SAMPLE, type PhaseClock } from './phases.ts'
import type { RejectReason } from '../../core/rejects.ts'

const MAX_MESSAGE = 500

export interface LineReaderOptions {
  readonly extract: (record: unknown, context: unknown) => unknown
  /** What the dataset's `setup` returned. */
  readonly context: unknown
  readonly check: RowCheck
  /** Takes each row that passed the check. */
  readonly onRow: (row: RawRow) => void
  readonly maxLineBytes: number
  readonly clock: PhaseClock
  /** Called with the number of a line in its segment before it is read, once more before each of several records in it. */
  readonly onLine?: (line: number) => void
}

/** Reads whole lines and counts what became of them. */
export type LineReader = (bytes: Buffer, counts: SegmentCounts) => void

/**
 * A reader of JSON Lines. Each line is parsed by itself, so that its outcome cannot depend on its neighbours: what the
 * parser learns from them changes nothing but the time. Emits rows in the order of lines; holds one record at a time.
 */
export function lineReader(options: LineReaderOptions): LineReader {
  const { maxLineBytes, clock, onLine } = options
  const readRecord = recordReader(options)
  const parser = recordParser()
  const { forget, pushReject, reject } = rejecter()
  let sequence = 0
  return (bytes, counts) => {
    forget()
    const valid = isUtf8(bytes)
    parser.open(bytes)
    let start = 0
    while (start < bytes.length)
      start = readKnown(bytes, start, counts) ?? readAny(bytes, start, counts, valid)
  }

  /** Reads the line at `start` if the parser knows its shape. Returns where the next line begins. */
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

  /** Reads the line at `start`. Returns where the next line begins. */
  function readAny(bytes: Buffer, start: number, counts: SegmentCounts, valid: boolean): number {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    counts.lines++
    onLine?.(counts.lines)
    if (passBlanks(bytes, start, end) < end) {
      if (end - start > maxLineBytes)
        pushReject(
          counts,
          end - start,
          tooLong(bytes.subarray(start, end), end - start, maxLineBytes, counts.bytes),
        )
      else if (valid || isUtf8(bytes.subarray(start, end))) readLine(bytes, start, end, counts)
      else readNone(bytes, start, end, counts, INVALID_UTF8)
    }
    counts.bytes += Math.min(end + 1, bytes.length) - start
    return end + 1
  }

  function readLine(bytes: Buffer, start: number, end: number, counts: SegmentCounts): void {
    const timed = sequence++ % SAMPLE === 0
    const begun = timed ? performance.now() : 0
    let record: unknown
    try {
      record = readJson(bytes, start, end)
    } catch (error) {
      readNone(bytes, start, end, counts, invalidJson(error))
      return
    }
    parser.learn(record)
    const parsed = timed ? performance.now() : 0
    counts.records++
    take(record, bytes, start, end, counts)
    if (timed) spend(begun, parsed)
  }

  /** Takes a line that is no record: it may hold several, which costs lines of one nothing. */
  function readNone(
    bytes: Buffer,
    start: number,
    end: number,
    counts: SegmentCounts,
    problem: Problem,
  ): void {
    if (!holdsSeveral(bytes, start, end)) reject(counts, problem, bytes, start, end)
    else for (const [from, to] of separateRecords(bytes, start, end)) readOne(bytes, from, to, counts)
  }

  /** Reads one of several records of a line. */
  function readOne(bytes: Buffer, start: number, end: number, counts: SegmentCounts): void {
    onLine?.(counts.lines)
    if (!isUtf8(bytes.subarray(start, end))) return reject(counts, INVALID_UTF8, bytes, start, end)
    let record: unknown
    try {
      record = readJson(bytes, start, end)
    } catch (error) {
      return reject(counts, invalidJson(error), bytes, start, end)
    }
    counts.records++
    take(record, bytes, start, end, counts)
  }

  /** Hands a record on that has been counted. */
  function take(record: unknown, bytes: Buffer, start: number, end: number, counts: SegmentCounts): void {
    const problem = readRecord(record, counts)
    if (!problem) return
    counts.records--
    reject(counts, problem, bytes, start, end)
  }

  function spend(begun: number, parsed: number): void {
    clock.seconds.parse += ((parsed - begun) * SAMPLE) / 1000
    clock.seconds.extract += ((performance.now() - parsed) * SAMPLE) / 1000
  }
}

interface Problem {
  readonly reason: RejectReason
  readonly message: string
  /** The message without any value of the record. Made for the first reject of a reason alone. */
  readonly outline: () => string
}

/** Runs the feature code over a record. A record is atomic: one bad row rejects it whole. */
function recordReader({ extract, context, check, onRow }: LineReaderOptions) {
  return (record: unknown, counts: SegmentCounts): Problem | undefined => {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      return told('not-an-object', `expected a JSON object, found ${kindOf(record)}`)
    }
    let result: unknown
    try {
      result = extract(record, context)
    } catch (error) {
      return extractError(error)
    }
    if (result === null || (Array.isArray(result) && result.length === 0)) {
      counts.dropped++
      return undefined
    }
    let problem: string | undefined
    try {
      problem = Array.isArray(result) ? checkRows(result) : check(result)
    } catch (error) {
      // A getter of the row's own.
      return extractError(error)
    }
    if (problem !== undefined) return invalidRow(problem, result)
    counts.kept++
    if (Array.isArray(result)) for (const row of result) onRow(row as RawRow)
    else onRow(result as RawRow)
    return undefined
  }

  function invalidRow(problem: string, result: unknown): Problem {
    const outline = () =>
      (Array.isArray(result) ? checkRows(result, IN_OUTLINE) : check(result, IN_OUTLINE)) ?? ''
    return { reason: 'invalid-row', message: shorten(problem), outline }
  }

  function checkRows(rows: readonly unknown[], wording?: Wording): string | undefined {
    for (let index = 0; index < rows.length; index++) {
      const problem = check(rows[index], wording)
      if (problem !== undefined) return `row ${index}: ${problem}`
    }
    return undefined
  }
}

/** Counts rejects. The first of each reason since `forget` has an outline. */
function rejecter() {
  const outlined = new Set<RejectReason>()

  function pushReject(counts: SegmentCounts, bytes: number, reject: Omit<ShardReject, 'line'>): void {
    counts.records++
    counts.rejectedBytes += bytes
    counts.rejects.push({ line: counts.lines, ...reject })
  }

  return {
    forget: () => outlined.clear(),
    pushReject,
    reject: (counts: SegmentCounts, problem: Problem, bytes: Buffer, start: number, end: number): void => {
      const last = end > start && bytes[end - 1] === RETURN ? end - 1 : end
      const { reason, message } = problem
      const outline = outlined.has(reason) ? {} : { outline: outlineIn(problem) }
      outlined.add(reason)
      pushReject(counts, last - start, { reason, message, ...outline, ...rawOf(bytes.subarray(start, last)) })
    },
  }
}

/** A row's own getters may throw when it is looked at again. */
function outlineIn({ outline }: Problem): string {
  try {
    return outline()
  } catch (error) {
    return outlineOf(error)
  }
}

/** A problem whose message shows nothing of the record. */
const told = (reason: RejectReason, message: string): Problem => ({ reason, message, outline: () => message })
const INVALID_UTF8 = told('invalid-utf8', 'the line is not valid UTF-8')

function invalidJson(error: unknown): Problem {
  return { reason: 'invalid-json', message: describe(error), outline: () => jsonProblem(error) }
}

function extractError(error: unknown): Problem {
  return { reason: 'extract-error', message: describe(error), outline: () => outlineOf(error) }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'bigint' ? 'a number' : `a ${typeof value}`
}

/** Never throws, though what was thrown may do so when it is looked at. */
function describe(error: unknown): string {
  try {
    if (!(error instanceof Error)) return shorten(`threw ${typeof error === 'string' ? error : typeof error}`)
    return shorten(error.name === 'SyntaxError' ? error.message : `${error.name}: ${error.message}`)
  } catch {
    return 'threw what cannot be described'
  }
}

function shorten(text: string): string {
  return (text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`).toWellFormed()
}
