import { describe } from './text.ts'

/** Milliseconds per unit. */
const UNITS = { seconds: 1e3, milliseconds: 1, microseconds: 1e-3, nanoseconds: 1e-6 }
/** Unit of a number that counts the time since 1970. */
export type EpochUnit = keyof typeof UNITS

const DEFAULT_UNITS: readonly EpochUnit[] = ['milliseconds']
/**
 * Numbers that give an instant within these 116 days of 1970 count seconds: numbers as small are those of seconds for
 * centuries.
 */
const LEAST_MILLISECONDS = 1e10
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?: ?(?:Z|UTC|([+-])(\d{2})(?::?(\d{2}))?))?)?$/i
/** The spelling that most programs use, which the runtime reads as this module does, up to the 28th of a month. */
const USUAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/

/**
 * Returns the instant that a field holds, to the millisecond; finer digits are cut off. Reads ISO 8601 such as
 * `2024-05-06T10:00:00.123+02:00`, also with a space instead of the `T`, in UTC if there is no zone, at midnight if
 * there is no time. Reads numbers as milliseconds since 1970, or in the given units. Null for anything else, for days
 * and times of day that do not exist (2024-02-30, 24:00), outside of the years 1 to 9999, and for numbers that look
 * like another unit.
 *
 * @param units units that numbers may have; the first in which a number is plausible counts. Within 116 days of 1970,
 * only seconds are plausible
 */
export function instant(value: unknown, units = DEFAULT_UNITS): Date | null {
  const found = read(value, units)
  return typeof found === 'string' ? null : found
}

/**
 * Returns the instant that a field holds, as {@link instant} reads it.
 *
 * @param field name of the field, for the error message
 * @throws Error if the value is not a time; the record is then rejected
 */
export function requiredInstant(value: unknown, field: string, units = DEFAULT_UNITS): Date {
  return required('a time', value, field, units)
}

/**
 * Returns the UTC day of the {@link instant} that a field holds, as the Date of its midnight; null if it holds none.
 */
export function day(value: unknown, units = DEFAULT_UNITS): Date | null {
  return midnight(instant(value, units))
}

/**
 * Returns the UTC day of the {@link instant} that a field holds, as the Date of its midnight.
 *
 * @param field name of the field, for the error message
 * @throws Error if the value is not a time; the record is then rejected
 */
export function requiredDay(value: unknown, field: string, units = DEFAULT_UNITS): Date {
  return midnight(required('a day', value, field, units))
}

function midnight<D extends Date | null>(found: D): D {
  found?.setUTCHours(0, 0, 0, 0)
  return found
}

function required(what: string, value: unknown, field: string, units: readonly EpochUnit[]): Date {
  const found = read(value, units)
  if (typeof found !== 'string') return found
  throw new Error(`${field}: expected ${what}, found ${describe(value)}: ${found}`)
}

/** Returns the instant, or the reason why there is none. */
function read(value: unknown, units: readonly EpochUnit[]): Date | string {
  if (typeof value === 'number' || typeof value === 'bigint') return readNumber(Number(value), units)
  const usual = typeof value === 'string' && USUAL.test(value) ? known(new Date(value)) : undefined
  if (usual) return usual
  const parts = typeof value === 'string' ? ISO.exec(value.trim()) : null
  return parts ? readParts(parts) : `give ISO 8601 or ${units.join(' or ')} since 1970`
}

function readNumber(count: number, units: readonly EpochUnit[]): Date | string {
  for (const unit of units) {
    const found = inUnit(count, unit)
    if (found) return found
  }
  const likely = (Object.keys(UNITS) as EpochUnit[]).find((unit) => inUnit(count, unit))
  const wanted = `give ${units.join(' or ')} since 1970`
  return likely === undefined ? `${wanted}, in the years 1 to 9999` : `it looks like ${likely}; ${wanted}`
}

/** Returns the instant if the number is plausible in that unit. */
function inUnit(count: number, unit: EpochUnit): Date | undefined {
  const milliseconds = count * UNITS[unit]
  const isNear = Math.abs(milliseconds) < LEAST_MILLISECONDS
  if (isNear && unit !== 'seconds' && count !== 0) return undefined
  // Doubles are inexact here: 1714953600.123 s are 1714953600122.9999 ms.
  const exact = Number.isInteger(milliseconds) ? milliseconds : Number(milliseconds.toFixed(3))
  return known(new Date(Math.floor(exact)))
}

function readParts([, year, month, date, hour, minute, second, fraction, ...zone]: RegExpExecArray) {
  const [sign, zoneHour, zoneMinute] = zone
  const times = [hour, minute, second, zoneHour, zoneMinute].map((digits) => Number(digits ?? 0))
  const [hours, minutes, seconds, zoneHours, zoneMinutes] = times as [number, number, number, number, number]
  if (Math.max(hours, zoneHours) > 23 || Math.max(minutes, seconds, zoneMinutes) > 59) {
    return 'there is no such time of day'
  }
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const found = new Date(0)
  found.setUTCFullYear(Number(year), Number(month) - 1, Number(date))
  if (found.getUTCMonth() !== Number(month) - 1 || found.getUTCDate() !== Number(date)) {
    return 'there is no such day'
  }
  const offset = (zoneHours * 60 + zoneMinutes) * (sign === '-' ? -1 : 1)
  found.setUTCHours(hours, minutes - offset, seconds, Number((fraction ?? '').slice(0, 3).padEnd(3, '0')))
  return known(found) ?? 'give a year from 1 to 9999'
}

function known(found: Date): Date | undefined {
  const year = found.getUTCFullYear()
  return year >= 1 && year <= 9999 ? found : undefined
}
