/** A finite number, also where it came as text such as `"52.5"`; null for anything else. */
export function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  if (trimmed === '') return null
  const parsed = Number(trimmed)
  return Number.isFinite(parsed) ? parsed : null
}

/** A number from `low` to `high`, both included; null for anything else. */
export function numberWithin(value: unknown, low: number, high: number): number | null {
  const found = number(value)
  return found !== null && found >= low && found <= high ? found : null
}

/** Not more digits than a person would write in front of the decimals. */
const AMOUNT = /\d[\d.,'’\s\u00a0\u202f]*/

/**
 * An amount of money as people write it: `45000`, `"45,000.50"`, `"45.000,50 €"`, `"¥4 200 000"`, `"60k"`.
 * The last of `.` and `,` is the decimal separator, unless exactly three digits follow it. Null for anything else.
 */
export function amount(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string') return null
  const match = AMOUNT.exec(value)
  if (!match) return null
  const digits = match[0].replace(/['’\s\u00a0\u202f]/g, '').replace(/[.,]+$/, '')
  const thousands = /^\s*k\b/i.test(value.slice(match.index + match[0].length)) ? 1000 : 1
  const parsed = Number(withDecimalPoint(digits)) * thousands
  return Number.isFinite(parsed) ? parsed : null
}

function withDecimalPoint(digits: string): string {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  if (last === -1) return digits
  const whole = digits.slice(0, last).replace(/[.,]/g, '')
  const rest = digits.slice(last + 1)
  return rest.length === 3 ? whole + rest : `${whole}.${rest}`
}
