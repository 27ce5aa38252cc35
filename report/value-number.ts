import type { ProfileValue } from '../core/profile.ts'

/** True for types whose values are instants or days. */
export const isTime = (type: string) => /\b(timestamp|date)\b/.test(type)

/** Converts a column's value to a number: milliseconds since 1970 for an instant or a day, NaN for text. */
export function asNumber(value: ProfileValue, type: string): number {
  return isTime(type) ? Date.parse(String(value)) : Number(value)
}
