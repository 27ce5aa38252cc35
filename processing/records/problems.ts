import { jsonProblem } from '../../core/json-problem.ts'
import type { RejectReason } from '../../core/rejects.ts'
import { RETURN } from '../read/bytes.ts'
import type { SegmentCounts, ShardReject } from '../read/shard.ts'
import { rawOf } from '../read/unread-lines.ts'
import { outlineOf, placeOf } from './outline.ts'
import { refusedRead } from './refused-read.ts'

const MAX_MESSAGE = 500

/** Reason why a record is rejected, in words for the reject file and for other places. */
export interface Problem {
  readonly reason: RejectReason
  /** Message for the reject file, which may contain values of the record. */
  readonly message: string
  /** Returns the message without any value of the record. Called only for the first reject with a reason. */
  readonly outline: () => string
}

/** Position at which to insert a reject that is not the last of its segment. */
export interface RejectPlace {
  /** Number of its line in the segment, from 1. */
  readonly line: number
  /** Index among the segment's rejects. */
  readonly index: number
}

/**
 * Makes functions that add rejects to the counts of segments. Of consecutive rejects of one segment, the first with
 * each reason gets an outline.
 */
export function rejecter() {
  const outlined = new Set<RejectReason>()
  let last: SegmentCounts | undefined

  function pushReject(
    counts: SegmentCounts,
    bytes: number,
    reject: Omit<ShardReject, 'line'>,
    place?: RejectPlace,
  ): void {
    counts.records++
    counts.rejectedBytes += bytes
    if (place) counts.rejects.splice(place.index, 0, { line: place.line, ...reject })
    else counts.rejects.push({ line: counts.lines, ...reject })
  }

  return {
    pushReject,
    /** Rejects a record. A CR at the end of its bytes belongs to the line's end and is left out. */
    reject(counts: SegmentCounts, problem: Problem, bytes: Buffer, place?: RejectPlace): void {
      if (counts !== last) outlined.clear()
      last = counts
      const raw = bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes
      const { reason, message } = problem
      const outline = outlined.has(reason) ? {} : { outline: outlineIn(problem) }
      outlined.add(reason)
      pushReject(counts, raw.length, { reason, message, ...outline, ...rawOf(raw) }, place)
    },
  }
}

/** Functions that add rejects to the counts of segments, see {@link rejecter}. */
export type Rejecter = ReturnType<typeof rejecter>

/** Returns the outline of a problem. Getters of a row may throw when it is looked at again. */
function outlineIn({ outline }: Problem): string {
  try {
    return outline()
  } catch (error) {
    return outlineOf(error)
  }
}

/** Makes a problem whose message contains no value of the record, so that it serves as outline as well. */
export const told = (reason: RejectReason, message: string): Problem => ({
  reason,
  message,
  outline: () => message,
})
/** Problem of a line that is not valid UTF-8. */
export const INVALID_UTF8 = told('invalid-utf8', 'the line is not valid UTF-8')

/** Returns the problem of a record that is not a JSON object; undefined if it is one. */
export function notAnObject(record: unknown): Problem | undefined {
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return undefined
  return told('not-an-object', `expected a JSON object, found ${kindOf(record)}`)
}

/** Makes the problem of a record for which the JSON parser threw `error`. */
export function invalidJson(error: unknown): Problem {
  return { reason: 'invalid-json', message: describe(error), outline: () => jsonProblem(error) }
}

/** Makes the problem of a record for which feature code threw `error`. The message names the place in the sources. */
export function extractError(error: unknown): Problem {
  return {
    reason: 'extract-error',
    message: `${describe(error)}${placeOf(error)}`,
    outline: () => outlineOf(error),
  }
}

/**
 * Makes the problem of a record whose row does not fit the columns. The message is cut to 500 characters.
 *
 * @param outline returns the message without any value of the record
 */
export function invalidRow(message: string, outline: () => string): Problem {
  return { reason: 'invalid-row', message: shorten(message), outline }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'bigint' ? 'a number' : `a ${typeof value}`
}

/** Describes an error. Never throws, though a thrown value may do so when it is looked at. */
function describe(error: unknown): string {
  try {
    const refused = refusedRead(error)
    if (refused !== undefined) return shorten(refused)
    if (!(error instanceof Error)) return shorten(`threw ${typeof error === 'string' ? error : typeof error}`)
    return shorten(error.name === 'SyntaxError' ? error.message : `${error.name}: ${error.message}`)
  } catch {
    return 'threw what cannot be described'
  }
}

function shorten(text: string): string {
  return (text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`).toWellFormed()
}
