import type { ElementSpec, ScalarKind } from '../../core/columns.ts'

/** What is wrong with a value, as the end of a sentence, or undefined for a value that the column can hold. */
export type Check = (value: unknown) => string | undefined

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n
const MAX_SHOWN = 60

/**
 * The check of a column's values. Nothing is converted: a value that would not come back as it is does not pass,
 * but for the rounding that `float32` and `timestamp` promise. NaN and infinities do not pass: `1e400` in JSON is read
 * as an infinity, and a NaN is a missing value that should be null.
 */
export function checkOf(spec: ElementSpec): Check {
  const check = spec.kind === 'list' ? listCheck(spec.element!) : SCALARS[spec.kind]
  if (spec.nullable) return (value) => (value === null ? undefined : check(value))
  return (value) => (value === null ? 'found null in a column that is not nullable' : check(value))
}

const SCALARS: Readonly<Record<ScalarKind, Check>> = {
  string: (value) => {
    if (typeof value !== 'string') return expected('a string', value)
    return value.isWellFormed() ? undefined : 'found a lone surrogate, which UTF-8 cannot hold'
  },
  int32: (value) =>
    typeof value === 'number' && value >> 0 === value
      ? undefined
      : expected('a whole number from -2147483648 to 2147483647', value),
  int64: (value) => {
    if (Number.isSafeInteger(value)) return undefined
    if (typeof value === 'bigint' && value >= MIN_INT64 && value <= MAX_INT64) return undefined
    return expected('a whole number from -(2^53 - 1) to 2^53 - 1, or a bigint of 64 bits', value)
  },
  float32: (value) =>
    Number.isFinite(value) && Number.isFinite(Math.fround(value as number))
      ? undefined
      : expected('a finite number that single precision can hold', value),
  float64: (value) => (Number.isFinite(value) ? undefined : expected('a finite number', value)),
  boolean: (value) => (typeof value === 'boolean' ? undefined : expected('true or false', value)),
  timestamp: (value) => checkDate(value),
  date: (value) => checkDate(value),
}

function checkDate(value: unknown): string | undefined {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : expected('a valid Date', value)
}

function listCheck(element: ElementSpec): Check {
  const check = checkOf(element)
  return (value) => {
    if (!Array.isArray(value)) return expected('a list', value)
    for (let index = 0; index < value.length; index++) {
      const problem = check(value[index])
      if (problem !== undefined) return `element ${index}: ${problem}`
    }
    return undefined
  }
}

function expected(what: string, value: unknown): string {
  return `expected ${what}, found ${show(value)}`
}

/** A value as a message shows it: short, and never throwing. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString()
  if (typeof value === 'string') return JSON.stringify(shorten(value.toWellFormed()))
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return value instanceof Promise ? 'a Promise' : 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

/** At most {@link MAX_SHOWN} characters of a text. */
function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`.toWellFormed()
}
