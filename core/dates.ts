import { Temporal } from 'temporal-polyfill'
import { DayfoldError } from './errors.ts'

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string

/** First day that a partition can have: SQL calendars have no year 0. */
export const FIRST_DAY: Day = '0001-01-01'
/** Last day that a partition can have: `YYYY` has four digits. */
export const LAST_DAY: Day = '9999-12-31'

const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/

/** True if a text is an existing calendar day from {@link FIRST_DAY} to {@link LAST_DAY}, written `YYYY-MM-DD`. */
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
 * Returns `text` if it is a valid day.
 *
 * @param subject what the day is for; begins the error message
 * @throws DayfoldError InvalidInput if `text` is not an existing day written `YYYY-MM-DD`
 */
export function parseDay(text: string, subject: string): Day {
  if (isDay(text)) return text
  throw new DayfoldError(
    'InvalidInput',
    `${subject}: expected an existing day as YYYY-MM-DD, found "${text}".`,
  )
}

/** Returns the day `count` days after `day`, or before it if `count` is negative. */
export function addDays(day: Day, count: number): Day {
  return Temporal.PlainDate.from(day).add({ days: count }).toString()
}

/** Returns the number of days from `from` to `to`, both included; 0 or less if `to` is before `from`. */
export function countDays(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days + 1
}

/** Lists every day from `from` to `to`, both included, in order; none if `to` is before `from`. */
export function daysBetween(from: Day, to: Day): Day[] {
  const length = Math.max(0, countDays(from, to))
  return Array.from({ length }, (_, index) => addDays(from, index))
}

/**
 * Returns the calendar day of an instant in a time zone.
 *
 * @param instant ISO 8601 with offset or `Z`
 * @param timeZone IANA name
 */
export function dayAt(instant: string, timeZone: string): Day {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/**
 * True if a calendar day has ended in a time zone.
 *
 * @param instant the present, ISO 8601 with offset or `Z`
 * @param timeZone IANA name
 */
export function hasEnded(day: Day, instant: string, timeZone: string): boolean {
  return day < dayAt(instant, timeZone)
}

/** True if a text is an ISO 8601 instant with an offset or `Z`. */
export function isInstant(text: string): boolean {
  try {
    Temporal.Instant.from(text)
    return true
  } catch {
    return false
  }
}

/** True if a text names an IANA time zone that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}
