import { compareKeys } from '../core/layout.ts'

/** Shares of the values at which quantiles are told. */
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const
const TOP_VALUES = 5
/** Lists within lists that are looked into. */
const MAX_DEPTH = 9

/** A value as a profile holds it: instants and days as ISO 8601, integers beyond 2^53 - 1 as text. */
export type ProfiledValue = number | string | boolean

/** What is told of the values of a column, all of it exact. Of lists, that of their elements. */
export interface ValueProfile {
  readonly nulls: number
  /** Values that are not null. */
  readonly values: number
  /** Different values among them. */
  readonly distinct: number
  /** @default there is no value */
  readonly min?: ProfiledValue
  readonly max?: ProfiledValue
  /** Of booleans the share of true. @default there is no number */
  readonly mean?: number
  /** Each the least value that such a share of all is not above. @default there is no value, or it is text or a boolean */
  readonly quantiles?: readonly (readonly [share: number, value: ProfiledValue])[]
  /** The most frequent values, the most frequent first. */
  readonly top: readonly { readonly value: ProfiledValue; readonly count: number }[]
  /** How many elements lists have, null left out. @default it holds no lists */
  readonly lengths?: { readonly min: number; readonly max: number; readonly mean: number }
}

/** The profile of a column's values as they come out of Parquet. Holds and sorts them all. */
export function profileValues(column: readonly unknown[]): ValueProfile {
  const given = column.filter((value) => value !== null && value !== undefined)
  const nulls = column.length - given.length
  const lists = given.filter((value) => Array.isArray(value)) as unknown[][]
  const lengths = lists.length > 0 ? { lengths: lengthsOf(lists) } : {}
  return { nulls, ...profileScalars(lists.length > 0 ? lists.flat(MAX_DEPTH) : given), ...lengths }
}

function profileScalars(given: readonly unknown[]): Omit<ValueProfile, 'nulls' | 'lengths'> {
  const values = given.filter((value) => value !== null).map(plain)
  const counts = new Map<ProfiledValue, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const sorted = [...values].sort(compare)
  const top = [...counts].sort(([one, n], [other, m]) => m - n || compare(one, other)).slice(0, TOP_VALUES)
  const isNumeric = typeof sorted[0] !== 'string' || given[0] instanceof Date
  return {
    values: values.length,
    distinct: counts.size,
    ...(sorted.length > 0 && { min: sorted[0]!, max: sorted.at(-1)! }),
    ...meanOf(values),
    ...(sorted.length > 0 &&
      isNumeric &&
      typeof sorted[0] !== 'boolean' && { quantiles: quantilesOf(sorted) }),
    top: top.map(([value, count]) => ({ value, count })),
  }
}

function plain(value: unknown): ProfiledValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}

/** Integers that are text are among numbers where they belong. */
function compare(one: ProfiledValue, other: ProfiledValue): number {
  if (typeof one === 'string' && typeof other === 'string') return compareKeys(one, other)
  const [left, right] = [Number(one), Number(other)]
  return left < right ? -1 : Number(left > right)
}

function meanOf(values: readonly ProfiledValue[]): { mean?: number } {
  const numbers = values.filter((value) => typeof value !== 'string').map(Number)
  if (numbers.length === 0) return {}
  return { mean: numbers.reduce((sum, value) => sum + value, 0) / numbers.length }
}

const quantilesOf = (sorted: readonly ProfiledValue[]) =>
  QUANTILES.map((share) => [share, sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!] as const)

function lengthsOf(lists: readonly unknown[][]) {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, 0, 0]
  for (const { length } of lists) {
    min = Math.min(min, length)
    max = Math.max(max, length)
    sum += length
  }
  return { min, max, mean: sum / lists.length }
}
