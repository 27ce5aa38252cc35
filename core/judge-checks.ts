import {
  boundOf,
  identityOf,
  isCounted,
  nameOfCheck,
  type Check,
  type CheckResult,
  type CountedCheck,
} from './checks.ts'
import { driftsOf, LEAST_DAYS, type DayProfile } from './drift.ts'
import { median } from './median.ts'
import type { ColumnProfile, Profile } from './profile.ts'
import type { Counted } from './sketches/day-sketch.ts'
import { isWithinRatio } from './within-ratio.ts'

/** Facts about a day by which {@link judgeChecks} judges its checks. */
export interface Judged {
  /** `YYYY-MM-DD`. */
  readonly date: string
  /** Number of rows of the day. */
  readonly rows: number
  /** Statistics of the columns. @default the day has none */
  readonly profile?: Profile | undefined
  /**
   * Counts of failing values over all rows of the day, under the `identityOf` their check. A check without counts
   * cannot be judged.
   */
  readonly counted: ReadonlyMap<string, Counted>
  /** True if the day has ended. Comparisons with other days are not judged earlier. */
  readonly isOver: boolean
  /** Those of the seven preceding days that are published. */
  readonly before: readonly DayBefore[]
}

/** A published day before the judged one, for checks that compare days. */
export interface DayBefore {
  /** `YYYY-MM-DD`. */
  readonly date: string
  /** Number of rows of the day. */
  readonly rows: number
  /** Statistics of the columns. @default the day has none */
  readonly profile?: Profile | undefined
}

type Verdict = Pick<CheckResult, 'state' | 'expected' | 'found'>

/**
 * Judges all checks of a day except `unique`, which Verify judges after the publish. Results are in the order of the
 * checks.
 */
export function judgeChecks(checks: readonly Check[], day: Judged): CheckResult[] {
  return checks.flatMap((check) => {
    if (check.check === 'unique') return []
    const verdict = judge(check, day)
    return [{ check: nameOfCheck(check), otherwise: check.otherwise ?? 'warn', ...verdict }]
  })
}

/** True if the result of a check prevents the publish of its day. */
export const stops = ({ state, otherwise }: CheckResult) => state === 'failed' && otherwise === 'fail'

function judge(check: Exclude<Check, { check: 'unique' }>, day: Judged): Verdict {
  if (check.check === 'rows') return judgeRows(check, day)
  if (check.check === 'drift') return judgeDrift(check, day)
  const column = day.profile?.columns[check.column]
  if (!column) return unknown(`${check.column} to be profiled`, 'no profile of it: a rebuild makes one')
  if (check.check === 'notNull') return judgeNulls(check, day.rows, column)
  return isCounted(check) ? judgeCounted(check, day.counted) : judgeRange(check, column)
}

const unknown = (expected: string, found: string): Verdict => ({ state: 'unknown', expected, found })
const verdict = (hasPassed: boolean, expected: string, found: string): Verdict => ({
  state: hasPassed ? 'passed' : 'failed',
  expected,
  found,
})

function judgeNulls(
  { maxRatio = 0 }: Extract<Check, { check: 'notNull' }>,
  rows: number,
  { nulls }: ColumnProfile,
): Verdict {
  const expected = maxRatio === 0 ? 'no null' : `at most ${percent(maxRatio)} null`
  return verdict(isWithinRatio(nulls, rows, maxRatio), expected, `${share(nulls, rows)} null`)
}

function judgeRange(
  { min, max }: Extract<Check, { check: 'range' }>,
  { type, min: least, max: most }: ColumnProfile,
): Verdict {
  const bounds = [min === undefined ? '' : `from ${min}`, max === undefined ? '' : `to ${max}`]
  const expected = `values ${bounds.filter((text) => text !== '').join(' ')}`
  if (least === undefined) return verdict(true, expected, 'no value')
  const number = (value: unknown) => boundOf(value, type)
  const isWithin =
    (min === undefined || number(least) >= number(min)) && (max === undefined || number(most) <= number(max))
  return verdict(isWithin, expected, `from ${least} to ${most}`)
}

function judgeCounted(check: CountedCheck, counted: Judged['counted']): Verdict {
  const { maxRatio = 0 } = check
  const counts = counted.get(identityOf(check))
  const what = check.check === 'oneOf' ? `one of ${shortList(check.values)}` : `what ${check.pattern} matches`
  const expected = maxRatio === 0 ? what : `${what}, but for ${percent(maxRatio)}`
  if (!counts) return unknown(expected, 'rows that were made before the check: a rebuild counts them')
  const { failed, values } = counts
  return verdict(isWithinRatio(failed, values, maxRatio), expected, `${share(failed, values)} that are not`)
}

function judgeRows(
  { min = 0, max = Infinity }: Extract<Check, { check: 'rows' }>,
  { rows, isOver, before }: Judged,
): Verdict {
  const usual = median(before.map((day) => day.rows))
  const bounds = `${min} to ${max === Infinity ? 'any number of' : max} times the rows of the days before`
  if (!isOver) return unknown(bounds, NOT_OVER)
  if (before.length < LEAST_DAYS) return unknown(bounds, fewDays(before))
  const isFew = usual > 0 && rows / usual < min
  const isMany = max !== Infinity && !isWithinRatio(rows, usual, max)
  const times = usual === 0 ? '' : ` (${(rows / usual).toFixed(2)} times)`
  return verdict(!isFew && !isMany, bounds, `${rows} rows after a median of ${usual}${times}`)
}

function judgeDrift(
  { columns }: Extract<Check, { check: 'drift' }>,
  { date, profile, isOver, before }: Judged,
): Verdict {
  const expected = 'values as on the days before'
  const days = before.flatMap((day): DayProfile[] =>
    day.profile ? [{ date: day.date, profile: day.profile }] : [],
  )
  if (!profile) return unknown(expected, 'no profile: a rebuild makes one')
  if (!isOver) return unknown(expected, NOT_OVER)
  if (days.length < LEAST_DAYS) return unknown(expected, fewDays(days))
  const drifts = driftsOf({ date, profile }, days).filter(
    ({ column }) => columns === undefined || columns.includes(column),
  )
  const found = drifts.map((drift) => `${drift.column}: ${drift.found}`)
  return verdict(found.length === 0, expected, shortList(found, '; ') || 'no drift')
}

const NOT_OVER = 'a day that is not over: it is judged then'
const fewDays = ({ length }: readonly unknown[]) =>
  `${length} of the seven days before: it takes ${LEAST_DAYS} to judge`

const MOST_LISTED = 5
function shortList(items: readonly unknown[], separator = ', '): string {
  const shown = items.slice(0, MOST_LISTED).map(String)
  return [...shown, ...(items.length > MOST_LISTED ? [`${items.length - MOST_LISTED} more`] : [])].join(
    separator,
  )
}
const percent = (ratio: number) => `${Number((ratio * 100).toPrecision(3))}%`
const share = (part: number, of: number) => (of === 0 ? '0' : `${part} of ${of} (${percent(part / of)})`)
