import { addDays, type Day } from '../core/dates.ts'
import { DayfoldError } from '../core/errors.ts'
import { isGap, type RangeDay } from './range-days.ts'

/** Deficiencies of days that a reader accepts. */
export interface Allowed {
  /**
   * True accepts days whose rows may be missing (gaps); they are read without these rows.
   * @default false
   */
  readonly allowGaps?: boolean | undefined
  /**
   * True accepts days of one dataset that were made by different versions of its feature code.
   * @default false
   */
  readonly allowMixed?: boolean | undefined
}

/** Maximum number of lines of a message. The rest is in the error's context and, once allowed, in the sidecar. */
const MAX_LINES = 40

/**
 * Throws if days have gaps, or days of one dataset were made by different feature code, unless that is allowed. The
 * message names the days.
 *
 * @throws DayfoldError DaysMissing if there are gaps, MixedFeatureCode if there is only mixed code
 */
export function refuseGaps(
  days: readonly RangeDay[],
  { allowGaps = false, allowMixed = false }: Allowed,
): void {
  const gaps = allowGaps ? [] : days.filter(isGap)
  const mixed = allowMixed ? [] : mixedDays(days)
  if (gaps.length === 0 && mixed.length === 0) return
  const lines = [...spansOf(gaps).map(gapLine), ...mixed.map(mixedLine)]
  const more = lines.length - MAX_LINES
  const flags = [...(gaps.length > 0 ? ['--allow-gaps'] : []), ...(mixed.length > 0 ? ['--allow-mixed'] : [])]
  const message = [
    'Days to load: expected each published, by one feature code, found',
    ...lines.slice(0, MAX_LINES),
    ...(more > 0 ? [`  … ${more} more`] : []),
    `Run these days, or load what is there with ${flags.join(' ')}.`,
  ].join('\n')
  const options = { context: { gaps, mixed: mixed.flatMap(({ days: group }) => group) } }
  if (gaps.length > 0) throw new DayfoldError('DaysMissing', message, options)
  throw new DayfoldError('MixedFeatureCode', message, options)
}

/** Days of a dataset that were made by one version of its feature code. */
export interface MadeBy {
  readonly dataset: string
  readonly featureVersion: string
  /** Days with rows, in the order in which they were given. */
  readonly days: readonly RangeDay[]
}

/**
 * Groups the days of each dataset by the version of their feature code. Within a dataset, the version that was
 * published last comes first. Days without rows are left out.
 */
export function madeBy(days: readonly RangeDay[]): MadeBy[] {
  const groups = new Map<string, RangeDay[]>()
  for (const day of days) {
    // An empty day has no row that any code made.
    if (day.rows === 0 || day.featureVersion === null) continue
    const id = `${day.dataset}\0${day.featureVersion}`
    groups.set(id, [...(groups.get(id) ?? []), day])
  }
  return [...groups.values()]
    .map((group) => ({ dataset: group[0]!.dataset, featureVersion: group[0]!.featureVersion!, days: group }))
    .sort((one, other) => compare(one.dataset, other.dataset) || compare(newest(other), newest(one)))
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
const newest = ({ days }: MadeBy) =>
  days.reduce((latest, { publishedAt }) => ((publishedAt ?? '') > latest ? publishedAt! : latest), '')

function mixedDays(days: readonly RangeDay[]): MadeBy[] {
  const groups = madeBy(days)
  return groups.filter(({ dataset }) => groups.filter((other) => other.dataset === dataset).length > 1)
}

function mixedLine({ dataset, featureVersion, days }: MadeBy): string {
  const dates = spansOf(days.map((day) => ({ ...day, why: '' }))).map(({ from, to }) => span(from, to))
  return `  ${dataset}, feature code ${featureVersion.slice(0, 12)}: ${dates.join(', ')}`
}

interface Span {
  readonly dataset: string
  readonly from: Day
  readonly to: Day
  readonly state: RangeDay['state']
  readonly why: string
}

/** Joins consecutive days with the same state and reason. */
function spansOf(days: readonly RangeDay[]): Span[] {
  const spans: Span[] = []
  for (const { dataset, date, state, why } of days) {
    const last = spans.at(-1)
    const goesOn =
      last?.dataset === dataset && last.state === state && last.why === why && addDays(last.to, 1) === date
    if (goesOn) spans.pop()
    spans.push({ dataset, from: goesOn ? last.from : date, to: date, state, why })
  }
  return spans
}

const span = (from: Day, to: Day) => (from === to ? from : `${from} to ${to}`)
const gapLine = ({ dataset, from, to, state, why }: Span) =>
  `  ${dataset} ${span(from, to)}: ${state}: ${why}`
