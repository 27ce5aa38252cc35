import { COLUMN_KINDS } from '../../core/kinds/table.ts'
import type { ElementSpec, ScalarSpec } from '../../core/columns.ts'
import { compileFits } from './compile-check.ts'

/**
 * Checks that a column can hold a value. Returns the problem as the end of a sentence; undefined if it can.
 *
 * @param wording how the problem shows values and keys. @default in full
 */
export type Check = (value: unknown, wording?: Wording) => string | undefined

/** How messages show values and keys of a record: themselves, or without their content. */
export interface Wording {
  /** Describes a value. */
  readonly value: (value: unknown) => string
  /** Describes a key of a row. */
  readonly key: (key: string) => string
}

/** Shows values and keys themselves, cut short. */
export const IN_FULL: Wording = { value: show, key: (key) => `"${key}"` }
/** Shows only the kinds of values, for messages that may not contain raw data. */
export const IN_OUTLINE: Wording = { value: kindOf, key: () => 'a key' }

const MAX_SHOWN = 60
const TOO_LONG = 10n ** BigInt(MAX_SHOWN)

/** Makes the check of a column's values, which describes values that the column cannot hold. */
export function checkOf(spec: ElementSpec): Check {
  const check = spec.kind === 'list' ? listCheck(spec.element) : scalarCheck(spec)
  if (spec.nullable) return (value, wording) => (value === null ? undefined : check(value, wording))
  return (value, wording) =>
    value === null ? 'found null in a column that is not nullable' : check(value, wording)
}

function scalarCheck(spec: ScalarSpec): Check {
  const fits = compileFits(spec)
  const { misfit } = COLUMN_KINDS[spec.kind]
  return (value, wording = IN_FULL) => (fits(value) ? undefined : misfit(value, wording.value(value), spec))
}

function listCheck(element: ElementSpec): Check {
  const check = checkOf(element)
  return (value, wording = IN_FULL) => {
    if (!Array.isArray(value)) return `expected a list, found ${wording.value(value)}`
    for (let index = 0; index < value.length; index++) {
      const problem = check(value[index], wording)
      if (problem !== undefined) return `element ${index}: ${problem}`
    }
    return undefined
  }
}

/** Formats a value for a message, cut to about 60 characters. Never throws. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return showBigint(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString()
  if (typeof value === 'string') return JSON.stringify(shorten(value.toWellFormed()))
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return value instanceof Promise ? 'a Promise' : 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

/** Names the kind of a value, for a message that must not show it. */
function kindOf(value: unknown): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return String(value)
    return Number.isInteger(value) ? 'a whole number' : 'a number with a fraction'
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date'
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object' ? show(value) : `a ${typeof value}`
}

/**
 * Formats a bigint. A long one is not written out: that takes more than linear time, and a literal may have any number
 * of digits.
 */
function showBigint(value: bigint): string {
  return value < TOO_LONG && value > -TOO_LONG ? `${value}n` : `a bigint of more than ${MAX_SHOWN} digits`
}

/** Cuts a text to {@link MAX_SHOWN} characters. */
function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`.toWellFormed()
}
