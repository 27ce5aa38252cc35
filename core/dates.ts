import { Temporal } from 'temporal-polyfill'
import { DayfoldError } from './errors.ts'

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string

/** The first and the last day that there can be: year 0 is in no calendar of SQL, five digits are no `YYYY`. */
export const FIRST_DAY: Day = '0001-01-01'
export const LAST_DAY: Day = '9999-12-31'

const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/

/** True for a day that exists in the calendar, from {@link FIRST_DAY} to {@link LAST_DAY}, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!DAY_PATTERN.test(text) || text < FIRST_DAY) return false
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}

/**
 * The day that `text` names.
 *
 * @param subject what the day is for; begins the error message
 * @throws DayfoldError InvalidInput when `text` is not an existing day written `YYYY-MM-DD`
 */
export function parseDay(text: string, subject: string): Day {
  if (isDay(text)) return text
  throw new DayfoldError(
    'InvalidInput',
    `${subject}: expected an existing day as YYYY-MM-DD, found "${text}".`,
  )
}

/** The day `count` days after `day` (before it, when negative). */
export function addDays(day: Day, count: number): Day {
  return Temporal.PlainDate.from(day).add({ days: count }).toString()
}

/** How many days `from` to `to` are, both included; 0 or less when `to` is before `from`. */
export function countDays(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days + 1
}

/** Every day from `from` to `to`, both included, in order. */
export function daysBetween(from: Day, to: Day): Day[] {
  const length = Math.max(0, countDays(from, to))
  return Array.from({ length }, (_, index) => addDays(from, index))
}

/**
 * The day that an instant falls on in a time zone.
 *
 * @param instant ISO 8601 with offset or `Z`
 * @param timeZone an IANA name
 */
export function dayAt(instant: string, timeZone: string): Day {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/**
 * Whether a day has ended in a time zone.
 *
 * @param instant ISO 8601 with offset or `Z`
 * @param timeZone an IANA name
 */
export function hasEnded(day: Day, instant: string, timeZone: string): boolean {
  return day < dayAt(instant, timeZone)
}

/** True for an ISO 8601 instant with an offset or `Z`. */
export function isInstant(text: string): boolean {
  try {
    Temporal.Instant.from(text)
    return true
  } catch {
    return false
  }
}

/** True for a time zone that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}
