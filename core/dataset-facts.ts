import { addDays, dayAt, hasEnded, type Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import { median } from './median.ts'
import type { DayOutcome } from './messages.ts'

/** Counts of one published day, from which a dataset's metrics are computed. */
export interface DayFacts {
  /** Number of the published generation that the counts belong to. */
  readonly generation: number
  /** Number of published rows. */
  readonly rows: number
  /** Records in its raw files. */
  readonly records: number
}

/**
 * The document `state/_facts/<dataset>.json`, from which a dataset's metrics are computed. Only Collect reads and
 * writes it.
 */
export interface DatasetFacts {
  /** ISO time of the first execution. Hours without new data count from here until some arrive. */
  readonly since: string
  /**
   * ISO time of the latest publish that added rows from new raw files to a day that the schedule covered then.
   * @default never
   */
  readonly newDataAt?: string
  /** Counts by published day, the last {@link KEPT_DAYS} only. */
  readonly days: Readonly<Record<Day, DayFacts>>
}

/**
 * Number of days whose counts are kept: enough for the same weekday in the four weeks before, and a week more for late
 * days.
 */
export const KEPT_DAYS = 35
/** Minimum number of earlier days needed to compute a volume ratio. */
const LEAST_COMPARED = 2
const WEEKS_COMPARED = [1, 2, 3, 4]
const HOUR_MS = 3_600_000

const FACTS: DocumentKind<DatasetFacts> = {
  name: 'the facts of a dataset',
  version: 1,
  saysVersion: true,
  isGzipped: false,
  fields: { since: 'string', days: 'object' },
  remedy: 'The next execution begins it anew.',
}

/** Encodes a dataset's facts as the JSON that is stored in `state/_facts/`. */
export const encodeFacts = (facts: DatasetFacts) => encodeDocument(facts, FACTS)

/**
 * Decodes facts that this release or an older one wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no facts, or a newer release wrote them
 */
export const decodeFacts = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, FACTS)

/** A dataset-day's outcome, with the time at which it was reached. */
export interface DatedOutcome extends DayOutcome {
  /** ISO time at which the day was published, or at which the Map's child of the day ended. */
  readonly at: string
}

/** Settings of a dataset that its metrics depend on. */
export interface WatchedDataset {
  /** IANA zone of the days in the raw prefix. */
  readonly timeZone: string
  /** Days before today that a scheduled run covers too, for late files. */
  readonly lookbackDays: number
  /** Hours without new data after which an alarm is due. @default no alarm */
  readonly expectNewDataHours?: number | undefined
}

/**
 * True if a scheduled run at `instant` covers the day: today or one of the `lookbackDays` before it, in the dataset's
 * time zone.
 */
export function isScheduled({ timeZone, lookbackDays }: WatchedDataset, date: Day, instant: string): boolean {
  const today = dayAt(instant, timeZone)
  return date <= today && date >= addDays(today, -lookbackDays)
}

/**
 * Returns a dataset's facts with the outcomes of an execution merged in. The order of executions does not matter: the
 * newest generation of a day and the latest time win.
 *
 * @param facts what earlier executions stored; undefined for the first one
 * @param outcomes of this dataset's days
 * @param now ISO time
 */
export function mergeFacts(
  facts: DatasetFacts | undefined,
  outcomes: readonly DatedOutcome[],
  dataset: WatchedDataset,
  now: string,
): DatasetFacts {
  const known = facts?.days ?? {}
  const days = new Map(Object.entries(known))
  let newDataAt = facts?.newDataAt
  for (const outcome of outcomes) {
    const { date, generation = 0, totals } = outcome
    if (totals === undefined || generation <= (known[date]?.generation ?? 0)) continue
    days.set(date, { generation, rows: totals.rows, records: totals.records })
    const newAt = newDataOf(outcome, known[date])
    if (newAt !== undefined && isScheduled(dataset, date, newAt)) newDataAt = latest(newDataAt, newAt)
  }
  const oldest = oldestKept(dataset, now)
  const kept = [...days].filter(([date]) => date >= oldest).sort(([one], [other]) => (one < other ? -1 : 1))
  return {
    since: facts?.since ?? now,
    ...(newDataAt !== undefined && { newDataAt }),
    days: Object.fromEntries(kept),
  }
}

/**
 * Returns when the latest new data of a day came. An outcome of a publish by 0.1.0 does not say: more records than are
 * known are new. Without known facts a rebuild counts only if the day is new, since it may have been for new code alone.
 */
function newDataOf(outcome: DatedOutcome, known: DayFacts | undefined): string | undefined {
  const { newDataAt, at, status, kind, newDay, totals } = outcome
  if (newDataAt !== undefined) return newDataAt
  const isNew = known
    ? totals!.records > known.records
    : status === 'published' && totals!.records > 0 && (newDay === true || kind === 'extend')
  return isNew ? at : undefined
}

const oldestKept = ({ timeZone }: WatchedDataset, now: string): Day =>
  addDays(dayAt(now, timeZone), -KEPT_DAYS)

/**
 * True if an outcome names a generation without its totals, and neither do the facts have them: the execution that
 * published it has told nobody.
 *
 * @param now ISO time
 */
export function isMissed(
  { date, generation = 0, totals }: DayOutcome,
  facts: DatasetFacts | undefined,
  dataset: WatchedDataset,
  now: string,
): boolean {
  const known = facts?.days[date]?.generation ?? 0
  return totals === undefined && generation > known && date >= oldestKept(dataset, now)
}

const latest = (one: string | undefined, other: string) =>
  one !== undefined && Date.parse(one) > Date.parse(other) ? one : other

/**
 * Returns the hours, 0 or more, since rows from new raw files were last published, or since the first execution if
 * there were none yet.
 *
 * @param now ISO time
 */
export function hoursSinceNewData({ newDataAt, since }: DatasetFacts, now: string): number {
  return Math.max(0, (Date.parse(now) - Date.parse(newDataAt ?? since)) / HOUR_MS)
}

/**
 * Returns the number of rows of the newest complete day, divided by the median of the same weekday in the four weeks
 * before. Undefined if fewer than two of these weeks are known, or their median is 0. A day is complete once it has
 * been over for `expectNewDataHours`.
 *
 * @param now ISO time
 */
export function volumeRatio(
  { days }: DatasetFacts,
  dataset: WatchedDataset,
  now: string,
): number | undefined {
  const whole = new Date(Date.parse(now) - (dataset.expectNewDataHours ?? 0) * HOUR_MS).toISOString()
  const newest = Object.keys(days)
    .filter((date) => hasEnded(date, whole, dataset.timeZone))
    .sort()
    .at(-1)
  if (newest === undefined) return undefined
  const before = WEEKS_COMPARED.flatMap((weeks) => days[addDays(newest, -7 * weeks)]?.rows ?? [])
  const usual = median(before)
  return before.length < LEAST_COMPARED || usual === 0 ? undefined : days[newest]!.rows / usual
}
