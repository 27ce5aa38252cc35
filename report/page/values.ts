import { isTime, type ProfileValue } from '../../core/profile.ts'
import { clipped, type Html } from './html.ts'

const MAX_VALUE_BYTES = 48

/**
 * Formats a value of a column in at most 48 bytes and an ellipsis: instants to the second, numbers to six significant
 * digits.
 *
 * @param type Glue type of the column
 */
export function valueText(value: ProfileValue, type: string): Html {
  if (isTime(type)) return clipped(String(value).slice(0, 19).replace('T', ' '), MAX_VALUE_BYTES)
  return clipped(typeof value === 'number' ? short(value) : String(value), MAX_VALUE_BYTES)
}

/**
 * Formats the mean of a column: instants to the minute, numbers to six significant digits. Empty if it is no valid
 * instant.
 *
 * @param mean milliseconds since 1970 for instants and days
 * @param type Glue type of the column
 */
export function meanText(mean: number, type: string): string {
  if (!isTime(type)) return short(mean)
  return Number.isFinite(new Date(mean).getTime())
    ? new Date(mean).toISOString().slice(0, 16).replace('T', ' ')
    : ''
}

/** Rounds to six significant digits. */
const short = (value: number) => String(Number.isInteger(value) ? value : Number(value.toPrecision(6)))
