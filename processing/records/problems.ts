import { jsonProblem } from '../../core/json-problem.ts'
import type { RejectReason } from '../../core/rejects.ts'
import { RETURN } from '../read/bytes.ts'
import type { SegmentCounts, ShardReject } from '../read/shard.ts'
import { rawOf } from '../read/unread-lines.ts'
import { outlineOf, placeOf } from './outline.ts'

const MAX_MESSAGE = 500

/** The reason why a record is rejected. */
export interface Problem {
  readonly reason: RejectReason
  readonly message: string
  /** The message without any value of the record. Called only for the first reject of a reason. */
  readonly outline: () => string
}

/** Place of a reject among those of its segment, for one that does not come last. */
export interface RejectPlace {
  /** Line in its segment, from 1. */
  readonly line: number
  /** Index among the segment's rejects. */
  readonly index: number
}

/**
 * Returns functions that add rejects to counts. Of consecutive rejects of one segment, the first of each reason has an
 * outline.
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
    /** Rejects the record `bytes`, without the CR of its line's end. */
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

/** Adds rejects to the counts of segments, see {@link rejecter}. */
export type Rejecter = ReturnType<typeof rejecter>

/** Returns the outline of a problem. Getters of a row may throw when it is looked at again. */
function outlineIn({ outline }: Problem): string {
  try {
    return outline()
  } catch (error) {
    return outlineOf(error)
  }
}

/** Makes a problem whose message shows nothing of the record, so that it is the outline as well. */
export const told = (reason: RejectReason, message: string): Problem => ({
  reason,
  message,
  outline: () => message,
})
/** The problem of a line that is not valid UTF-8. */
export const INVALID_UTF8 = told('invalid-utf8', 'the line is not valid UTF-8')

/** Returns the problem of a record that feature code cannot take; undefined for an object. */
export function notAnObject(record: unknown): Problem | undefined {
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return undefined
  return told('not-an-object', `expected a JSON object, found ${kindOf(record)}`)
}

/** Makes the problem of a record that the JSON parser threw `error` for. */
export function invalidJson(error: unknown): Problem {
  return { reason: 'invalid-json', message: describe(error), outline: () => jsonProblem(error) }
}

/** Makes the problem of a record that feature code threw `error` for. */
export function extractError(error: unknown): Problem {
  return {
    reason: 'extract-error',
    message: `${describe(error)}${placeOf(error)}`,
    outline: () => outlineOf(error),
  }
}

/** Makes the problem of a row that does not fit its columns. The message is cut short. */
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
    if (!(error instanceof Error)) return shorten(`threw ${typeof error === 'string' ? error : typeof error}`)
    return shorten(error.name === 'SyntaxError' ? error.message : `${error.name}: ${error.message}`)
  } catch {
    return 'threw what cannot be described'
  }
}

function shorten(text: string): string {
  return (text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`).toWellFormed()
}
