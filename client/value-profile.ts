import { MAX_PRECISION } from '../core/kinds/decimal.ts'
import { compareKeys } from '../core/layout.ts'
import type { ProfileValue } from '../core/profile.ts'

/** Shares at which quantiles are listed. */
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const
const TOP_VALUES = 5
/** Deepest nesting of lists that is flattened. */
const MAX_DEPTH = 9

/** Exact statistics of a column's values. For a list column, of the lists' elements. */
export interface ValueProfile {
  readonly nulls: number
  /** Values that are not null. */
  readonly values: number
  /** Number of distinct values. */
  readonly distinct: number
  /** Least value; `max` is the greatest. @default there is no value */
  readonly min?: ProfileValue
  readonly max?: ProfileValue
  /** Mean; for booleans, the share of true. @default there are no numbers or decimals; of instants and days there is none */
  readonly mean?: number
  /**
   * Quantiles as pairs of a share and the least value that at least this share does not exceed.
   * @default there is no value, or it is text or a boolean, other than a decimal
   */
  readonly quantiles?: readonly (readonly [share: number, value: ProfileValue])[]
  /** The five most frequent values, the most frequent first. */
  readonly top: readonly { readonly value: ProfileValue; readonly count: number }[]
  /** Lengths of lists, without nulls. @default the column has no lists */
  readonly lengths?: { readonly min: number; readonly max: number; readonly mean: number }
}

/**
 * Computes exact statistics of a column's values, as read from Parquet. Holds and sorts all values in memory.
 *
 * @param isDecimal true if the texts of the column are decimals such as `9.50`, which have an order and a mean
 */
export function profileValues(column: readonly unknown[], isDecimal = false): ValueProfile {
  const given = column.filter((value) => value !== null && value !== undefined)
  const nulls = column.length - given.length
  const lists = given.filter((value) => Array.isArray(value)) as unknown[][]
  const lengths = lists.length > 0 ? { lengths: lengthsOf(lists) } : {}
  const scalars = lists.length > 0 ? lists.flat(MAX_DEPTH) : given
  return { nulls, ...profileScalars(scalars, isDecimal), ...lengths }
}

function profileScalars(
  given: readonly unknown[],
  isDecimal: boolean,
): Omit<ValueProfile, 'nulls' | 'lengths'> {
  const keyed = given
    .filter((value) => value !== null)
    .map((value) => ({ value, key: isDecimal ? unitsOf(value as string) : orderOf(value) }))
    .sort(({ key: one }, { key: other }) => compare(one, other))
  const values = keyed.map(({ value }) => value)
  const sorted = values.map(plain)
  const counts = new Map<ProfileValue, number>()
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1)
  // Of equally frequent values, the least comes first.
  const top = [...counts].sort(([, n], [, m]) => m - n).slice(0, TOP_VALUES)
  return {
    values: values.length,
    distinct: counts.size,
    ...(sorted.length > 0 && { min: sorted[0]!, max: sorted.at(-1)! }),
    ...meanOf(isDecimal ? values.map(Number) : values),
    ...(keyed[0] && typeof keyed[0].key !== 'string' && { quantiles: quantilesOf(sorted) }),
    top: top.map(([value, count]) => ({ value, count })),
  }
}

function plain(value: unknown): ProfileValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}

type OrderKey = number | bigint | Date | string

/** Numbers and instants are ordered by value, all others as text. */
function orderOf(value: unknown): OrderKey {
  if (isNumber(value) || value instanceof Date) return value
  return String(plain(value))
}

/** Returns a decimal as a multiple of the least one, so that those with more places after the point compare too. */
function unitsOf(text: string): bigint {
  const [whole, places = ''] = text.split('.')
  return BigInt(`${whole}${places.padEnd(MAX_PRECISION, '0')}`)
}

function compare(one: OrderKey, other: OrderKey): number {
  if (typeof one === 'string' || typeof other === 'string') return compareKeys(String(one), String(other))
  return one < other ? -1 : Number(one > other)
}

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

function meanOf(values: readonly unknown[]): { mean?: number } {
  const numbers = values.filter((value) => isNumber(value) || typeof value === 'boolean').map(Number)
  if (numbers.length === 0) return {}
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  return Number.isFinite(mean) ? { mean } : {}
}

const quantilesOf = (sorted: readonly ProfileValue[]) =>
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
