import { currencyCode } from './currencies.ts'
import { amount } from './numbers.ts'
import { text } from './text.ts'

/** A salary as a job listing states it. Every field may be missing, of another type or nonsense. */
export interface RawSalary {
  /** Anything that {@link amount} reads. */
  readonly min?: unknown
  /** Anything that {@link amount} reads. */
  readonly max?: unknown
  /** `hour`, `day`, `week`, `month` or `year`, in any case, with or without `per` or `-ly`. */
  readonly period?: unknown
  /** Anything that {@link currencyCode} reads. If it names no currency, one in the amounts counts. */
  readonly currency?: unknown
}

/** A salary per year of full-time work. */
export interface YearlySalary {
  /** Least amount, above 0; null if unknown. */
  readonly min: number | null
  /** Greatest amount, not below `min`; null if unknown. */
  readonly max: number | null
  /** ISO 4217 code; null if unknown. */
  readonly currency: string | null
}

/** Periods per year of full-time work: 40 hours a week, 5 days a week. */
const PERIODS_A_YEAR = new Map([
  ...['hour', 'hourly'].map((name): [string, number] => [name, 2080]),
  ...['day', 'daily'].map((name): [string, number] => [name, 260]),
  ...['week', 'weekly'].map((name): [string, number] => [name, 52]),
  ...['month', 'monthly'].map((name): [string, number] => [name, 12]),
  ...['year', 'yearly', 'annual', 'annually', 'annum'].map((name): [string, number] => [name, 1]),
])
const NONE: YearlySalary = { min: null, max: null, currency: null }

/**
 * Converts a salary to amounts per year, for 40 hours a week. A salary without a period is taken as yearly. Amounts of
 * an unknown period, and those that are not above 0, become null.
 *
 * @param raw a {@link RawSalary}; anything else gives nulls
 * @param country ISO 3166 code of two letters; a `$` means its dollar, if it has one
 */
export function yearlySalary(raw: unknown, country: string | null = null): YearlySalary {
  if (typeof raw !== 'object' || raw === null) return NONE
  const salary: RawSalary = raw
  const factor = periodsAYear(salary.period)
  const low = yearly(salary.min, factor)
  const high = yearly(salary.max, factor)
  const isSwapped = low !== null && high !== null && low > high
  return { min: isSwapped ? high : low, max: isSwapped ? low : high, currency: currency(salary, country) }
}

function yearly(value: unknown, factor: number | null): number | null {
  const found = amount(value)
  if (found === null || factor === null || found <= 0) return null
  // Whole cents, so that 25.10 an hour is 52208 and not 52208.000000000007.
  return Math.round(found * factor * 100) / 100
}

/** Returns the factor to a year; a salary without a period is per year, and an unknown one gives null. */
function periodsAYear(period: unknown): number | null {
  if (period === undefined || period === null) return 1
  const name = text(period)
    ?.toLowerCase()
    .replace(/^per\s+/, '')
  return (name !== undefined && PERIODS_A_YEAR.get(name)) || null
}

function currency({ currency: stated, min, max }: RawSalary, country: string | null): string | null {
  return currencyCode(stated, country) ?? currencyCode(min, country) ?? currencyCode(max, country)
}
