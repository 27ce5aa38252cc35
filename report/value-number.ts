import { isTime, type ProfileValue } from '../core/profile.ts'

/** Converts a column's value to a number: milliseconds since 1970 for an instant or a day, NaN for text. */
export function asNumber(value: ProfileValue, type: string): number {
  return isTime(type) ? Date.parse(String(value)) : Number(value)
}
