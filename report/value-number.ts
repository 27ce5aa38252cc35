import type { ProfileValue } from '../core/profile.ts'

/** Whether values of a type are instants or days. */
export const isTime = (type: string) => /\b(timestamp|date)\b/.test(type)

/** A value of a column as a number: milliseconds since 1970 of an instant or a day. NaN for text. */
export function asNumber(value: ProfileValue, type: string): number {
  return isTime(type) ? Date.parse(String(value)) : Number(value)
}
