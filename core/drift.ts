import { isTime, type ColumnProfile, type Profile } from './profile.ts'

/** A published day with the statistics of its columns, to be compared with other days. */
export interface DayProfile {
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly profile: Profile
}

/** One statistic of a day's column that differs from the days before by more than chance and their usual spread. */
export interface Drift {
  /** Name of the column. */
  readonly column: string
  /** Statistic that differs: the mean, the share of nulls, or the share of a frequent value. */
  readonly of: 'mean' | 'nulls' | 'top value'
  /** The difference in words, as the end of a sentence. It quotes no text of records. */
  readonly found: string
  /** The text that is frequent, for a reader who may see values of records. @default `found` names the value */
  readonly text?: string
}

/** Number of preceding days with which a day is compared. */
export const DAYS_BEFORE = 7
/** Number of preceding days that a column must have, with the same type, to be judged. */
export const LEAST_DAYS = 3
/**
 * Smallest differences that count, however many rows there are: for the mean in standard deviations, else as shares.
 */
const LEAST = { mean: 0.2, nulls: 0.03, new: 0.02, share: 0.05 } as const
/** Standard errors allowed for chance: days with the same distribution exceed them 7 times in a million. */
const CHANCE = 4.5
/** Relative difference of means that rounding explains. */
const ROUNDING = 1e-12
/** Standard deviations that are told. More are those of a column that hardly varies. */
const MOST_DEVIATIONS = 1000
/** Standard deviations among the days before that a day may be off: weekdays differ, and ids count up. */
const USUAL = 3

/**
 * Compares each column of a day with the days before, and lists the statistics that differ by more than chance and
 * usual spread (drifts), in the order of the columns. Days that lack the column, or have it with another type, do not
 * count. A column with fewer than {@link LEAST_DAYS} days to compare with is skipped.
 *
 * @param before at most {@link DAYS_BEFORE} days
 */
export function driftsOf(today: DayProfile, before: readonly DayProfile[]): Drift[] {
  return Object.entries(today.profile.columns).flatMap(([column, values]) => {
    const days = before.flatMap(({ date, profile }) => {
      const other = profile.columns[column]
      return other?.type === values.type ? [{ date, rows: profile.rows, values: other }] : []
    })
    if (days.length < LEAST_DAYS) return []
    const of = { date: today.date, rows: today.profile.rows, values }
    return [meanDrift(of, days), nullsDrift(of, days), topDrift(of, days)].flatMap((drift) =>
      drift ? [{ column, ...drift }] : [],
    )
  })
}

interface ColumnDay {
  readonly date: string
  readonly rows: number
  readonly values: ColumnProfile
}

type Found = Omit<Drift, 'column'> | undefined

function meanDrift(today: ColumnDay, before: readonly ColumnDay[]): Found {
  const days = before.filter(({ values }) => values.mean !== undefined)
  const all = [...days, today]
  const { mean, type } = today.values
  if (mean === undefined || days.length < LEAST_DAYS) return undefined
  const values = all.reduce((sum, day) => sum + day.values.values, 0)
  const variance = all.reduce((sum, day) => sum + day.values.values * day.values.deviation! ** 2, 0) / values
  const deviation = Math.sqrt(variance)
  const error = deviation * Math.sqrt(errorFactor(today, days, ({ values: column }) => column.values))
  const rounding = ROUNDING * Math.max(...all.map((day) => Math.abs(day.values.mean!)))
  const least = Math.max(LEAST.mean * deviation, CHANCE * error, rounding)
  const shiftOf = (of: (day: ColumnDay) => number) => beyond(of(today), days.map(of), least)
  // Timestamps move on with the days.
  const shifts = [shiftOf((day) => day.values.mean!)]
  if (isTime(type)) shifts.push(shiftOf((day) => day.values.mean! - Date.parse(day.date)))
  if (shifts.includes(undefined)) return undefined
  const usual = average(days.map((day) => day.values.mean!))
  const show = (value: number) => (isTime(type) ? new Date(value).toISOString() : shortNumber(value))
  const sigmas = deviation === 0 ? '' : deviationsText(Math.abs(mean - usual) / deviation)
  return { of: 'mean', found: `a mean of ${show(mean)} after ${show(usual)}${sigmas}` }
}

const deviationsText = (deviations: number) =>
  `, ${deviations > MOST_DEVIATIONS ? `more than ${MOST_DEVIATIONS}` : deviations.toFixed(2)} standard deviations`

function nullsDrift(today: ColumnDay, days: readonly ColumnDay[]): Found {
  const shareOf = ({ rows, values }: ColumnDay) => (rows === 0 ? 0 : values.nulls / rows)
  const share = shareOf(today)
  const usual = average(days.map(shareOf))
  const error = shareError(
    average([share, ...days.map(shareOf)]),
    errorFactor(today, days, ({ rows }) => rows),
  )
  const least = Math.max(LEAST.nulls, CHANCE * error)
  if (today.rows === 0 || beyond(share, days.map(shareOf), least) === undefined) return undefined
  return { of: 'nulls', found: `${percent(share)} null after ${percent(usual)}` }
}

/** Timestamps are skipped: they are new each day. */
function topDrift(today: ColumnDay, days: readonly ColumnDay[]): Found {
  const { type, top, values } = today.values
  if (isTime(type) || days.some((day) => day.values.values === 0)) return undefined
  const factor = errorFactor(today, days, ({ values: column }) => column.values)
  for (const { value, count } of top) {
    const shares = days.map((day) => shareOfValue(day.values, value))
    const isNew = days.every((day) => !day.values.top.some((other) => other.value === value))
    const [share, usual] = [count / values, average(shares)]
    const least = Math.max(
      LEAST[isNew ? 'new' : 'share'],
      CHANCE * shareError(average([share, ...shares]), factor),
    )
    if (beyond(share, shares, least) === undefined || (isNew && share < usual)) continue
    const after = isNew ? 'which was not among the most frequent before' : `after ${percent(usual)}`
    const [name, text] = typeof value === 'string' ? ['a text', { text: value }] : [String(value), {}]
    return { of: 'top value', found: `${name} in ${percent(share)} of the values, ${after}`, ...text }
  }
  return undefined
}

/** Upper bound for a value that is not listed: the count of the least frequent listed one. */
function shareOfValue({ top, values, isTopExact }: ColumnProfile, value: unknown): number {
  const told = top.find((other) => other.value === value)
  if (told) return told.count / values
  return isTopExact && top.length < 10 ? 0 : (top.at(-1)?.count ?? 0) / values
}

/** Distance of a value from the mean of the others; undefined unless it exceeds both `least` and their own spread. */
function beyond(value: number, others: readonly number[], least: number): number | undefined {
  const usual = average(others)
  const spread = Math.sqrt(others.reduce((sum, other) => sum + (other - usual) ** 2, 0) / (others.length - 1))
  const distance = Math.abs(value - usual)
  return distance > Math.max(least, USUAL * spread) ? distance : undefined
}

/** Variance of the difference between a day and the mean of the others, in units of one value's variance. */
function errorFactor(
  today: ColumnDay,
  days: readonly ColumnDay[],
  countOf: (day: ColumnDay) => number,
): number {
  const inverse = (day: ColumnDay) => 1 / Math.max(1, countOf(day))
  return inverse(today) + days.reduce((sum, day) => sum + inverse(day), 0) / days.length ** 2
}

const shareError = (share: number, factor: number) => Math.sqrt(share * (1 - share) * factor)
const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const percent = (ratio: number) => `${(ratio * 100).toFixed(1)}%`
const shortNumber = (value: number) => String(Number(value.toPrecision(6)))
