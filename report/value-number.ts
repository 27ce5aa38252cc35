import { isTime, type ProfileValue } from '../core/profile.ts'

/**
 * Converts a profile's value to a number for a plot: milliseconds since 1970 for an instant or a day, NaN for text that
 * is no number.
 *
 * @param type Glue type of the column
 */
export function asNumber(value: ProfileValue, type: string): number {
  return isTime(type) ? Date.parse(String(value)) : Number(value)
}
