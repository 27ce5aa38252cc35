import { describe } from './text.ts'

/** Decimal notation with digits on at least one side of the point, and perhaps an exponent. */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

/**
 * Returns a finite number in double precision. Reads a number, decimal text such as `"52.5"`, or a bigint. Null for
 * anything else.
 */
export function number(value: unknown): number | null {
  const found =
    typeof value === 'string' ? parse(value.trim()) : typeof value === 'bigint' ? Number(value) : value
  return typeof found === 'number' && Number.isFinite(found) ? found : null
}

function parse(trimmed: string): number | null {
  return DECIMAL.test(trimmed) ? Number(trimmed) : null
}

/** Returns a number from `low` to `high`, both included, as {@link number} reads it; null for anything else. */
export function numberWithin(value: unknown, low: number, high: number): number | null {
  const found = number(value)
  return found !== null && found >= low && found <= high ? found : null
}

/**
 * Returns a number from `low` to `high`, both included, as {@link number} reads it.
 *
 * @param field name of the field, for the error message
 * @throws Error if the value is not such a number; the record is then rejected
 */
export function requiredNumber(value: unknown, field: string, low = -Infinity, high = Infinity): number {
  const found = numberWithin(value, low, high)
  if (found !== null) return found
  throw new Error(`${field}: expected a number${range(low, high)}, found ${describe(value)}`)
}

/**
 * Returns a whole number from `low` to `high`, both included, as {@link number} reads it. It must be a safe integer: at
 * most 2^53 - 1 in magnitude.
 *
 * @param field name of the field, for the error message
 * @throws Error if the value is not such a number; the record is then rejected
 */
export function requiredInteger(value: unknown, field: string, low = -Infinity, high = Infinity): number {
  const found = numberWithin(value, low, high)
  if (Number.isSafeInteger(found)) return found!
  throw new Error(`${field}: expected a whole number${range(low, high)}, found ${describe(value)}`)
}

/**
 * Returns the numbers of a list, each as {@link number} reads it.
 *
 * @param field name of the field, for the error message
 * @throws Error if the value is no list or an element is no number; the record is then rejected
 */
export function requiredNumbers(value: unknown, field: string): number[] {
  if (!Array.isArray(value)) throw new Error(`${field}: expected a list of numbers, found ${describe(value)}`)
  return value.map((item, index) => {
    const found = number(item)
    if (found !== null) return found
    throw new Error(`${field}: expected numbers, found ${describe(item)} at index ${index}`)
  })
}

function range(low: number, high: number): string {
  return (low === -Infinity ? '' : ` from ${low}`) + (high === Infinity ? '' : ` to ${high}`)
}

/** Digits, with the separators that people write between them. */
const AMOUNT = /\d[\d.,'’\s\u00a0\u202f]*/

/**
 * Returns an amount of money as people write it: `45000`, `"45,000.50"`, `"45.000,50 €"`, `"¥4 200 000"`, `"60k"`. The
 * last `.` or `,` is the decimal separator, unless exactly three digits follow it. Null for anything else.
 */
export function amount(value: unknown): number | null {
  if (typeof value !== 'string') return number(value)
  const match = AMOUNT.exec(value)
  if (!match) return null
  const digits = withoutLastSeparators(match[0].replace(/['’\s\u00a0\u202f]/g, ''))
  const thousands = /^\s*k\b/i.test(value.slice(match.index + match[0].length)) ? 1000 : 1
  const parsed = Number(withDecimalPoint(digits)) * thousands
  return Number.isFinite(parsed) ? parsed : null
}

/** Removes separators at the end. Not by a regular expression, which would look for the end after each separator. */
function withoutLastSeparators(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '.' || digits[end - 1] === ',') end--
  return digits.slice(0, end)
}

function withDecimalPoint(digits: string): string {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  if (last === -1) return digits
  const whole = digits.slice(0, last).replace(/[.,]/g, '')
  const rest = digits.slice(last + 1)
  return rest.length === 3 ? whole + rest : `${whole}.${rest}`
}
