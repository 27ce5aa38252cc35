import { addDays, dayAt, hasEnded, type Day } from './dates.ts'
import { decodeDocument, encodeDocument, type DocumentKind } from './documents.ts'
import { median } from './median.ts'
import type { DayOutcome } from './messages.ts'

/** What is known of a published day. */
export interface DayFacts {
  readonly generation: number
  readonly rows: number
  /** Of its raw files. */
  readonly records: number
}

/** `state/_facts/<dataset>.json`: what metrics of a dataset are told from, kept by Collect. */
export interface DatasetFacts {
  /** ISO time of the first execution: without any data, hours count from it. */
  readonly since: string
  /**
   * ISO time at which rows of new raw files were published last, of a day that the schedule covered then.
   * @default never
   */
  readonly newDataAt?: string
  /** Published days, of the last {@link KEPT_DAYS} only. */
  readonly days: Readonly<Record<Day, DayFacts>>
}

/** Days that are kept: the same weekday of four weeks before, and a week for days that come late. */
export const KEPT_DAYS = 35
/** With fewer days to compare with, nothing is told of the volume. */
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

/** The bytes of a dataset's facts. */
export const encodeFacts = (facts: DatasetFacts) => encodeDocument(facts, FACTS)

/**
 * The facts that `encodeFacts` wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState for bytes that are something else, or were written by a newer release
 */
export const decodeFacts = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, FACTS)

/** What an execution did to a day, and when. */
export interface DatedOutcome extends DayOutcome {
  /** ISO time at which the day's part of the execution ended. */
  readonly at: string
}

/** The part of a dataset that its facts are made with. */
export interface WatchedDataset {
  readonly timeZone: string
  readonly lookbackDays: number
  /** @default nobody expects any */
  readonly expectNewDataHours?: number | undefined
}

/** Whether a scheduled run at that time covers a day: today, and the days before it that late files may reach. */
export function isScheduled({ timeZone, lookbackDays }: WatchedDataset, date: Day, instant: string): boolean {
  const today = dayAt(instant, timeZone)
  return date <= today && date >= addDays(today, -lookbackDays)
}

/**
 * Facts with what an execution has found merged in. The order of executions does not matter: of a day the newest
 * generation counts, and of times the latest.
 *
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
    const { date, at, generation = 0, totals } = outcome
    if (totals === undefined || generation <= (known[date]?.generation ?? 0)) continue
    days.set(date, { generation, rows: totals.rows, records: totals.records })
    if (isScheduled(dataset, date, at) && hasNewRecords(outcome, known[date]))
      newDataAt = latest(newDataAt, at)
  }
  const oldest = addDays(dayAt(now, dataset.timeZone), -KEPT_DAYS)
  const kept = [...days].filter(([date]) => date >= oldest).sort(([one], [other]) => (one < other ? -1 : 1))
  return {
    since: facts?.since ?? now,
    ...(newDataAt !== undefined && { newDataAt }),
    days: Object.fromEntries(kept),
  }
}

/** A rebuild of a day that nothing was known of may be one of new code only. */
function hasNewRecords({ status, kind, newDay, totals }: DayOutcome, known: DayFacts | undefined): boolean {
  if (status !== 'published') return false
  if (known) return totals!.records > known.records
  return totals!.records > 0 && (newDay === true || kind === 'extend')
}

const latest = (one: string | undefined, other: string) =>
  one !== undefined && Date.parse(one) > Date.parse(other) ? one : other

/** Hours since rows of new raw files were published, or since the dataset is watched where none were yet. */
export function hoursSinceNewData({ newDataAt, since }: DatasetFacts, now: string): number {
  return Math.max(0, (Date.parse(now) - Date.parse(newDataAt ?? since)) / HOUR_MS)
}

/**
 * Rows of the newest published day that should be whole, to the median of the same weekday of the four weeks before;
 * undefined where fewer than two of those are known. A day should be whole once it has been over for as long as new
 * data may take.
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
