import type { DatedOutcome } from '../../core/dataset-facts.ts'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { s3Uri, summaryKey } from '../../core/layout.ts'
import type {
  CollectInput,
  CollectOutput,
  DayItem,
  DayOutcome,
  DayStatus,
  RunCost,
  Summary,
} from '../../core/messages.ts'
import { TEND } from '../../core/modes.ts'
import type { Bucket } from '../../aws/objects.ts'
import { putEmptyDay } from '../../aws/empty-days.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { putSummary, type WritePage } from '../put-summary.ts'
import { unqueueDays } from '../ledger/requeue-entries.ts'
import { failureOf } from './child-failure.ts'
import { failedDaysCause } from './failure-text.ts'
import { keepOutstanding, type EndedDay } from './keep-outstanding.ts'
import { readMapResults, type ChildResult } from './map-results.ts'
import { recordFailures, removeUnreadableAttempts, type FailedDay } from './record-failures.ts'

export interface CollectContext {
  readonly data: Bucket
  /** ISO time. */
  readonly now: () => string
  /** Hears of every failed day. */
  readonly onFailed?: (day: DayOutcome) => void
  /** What the days have cost. @default not known */
  readonly costOf?: (days: readonly DayOutcome[]) => RunCost
  /** @default no page is written */
  readonly writePage?: WritePage
  /** Told what became of every day once the ledger knows of it, unless it was a dry run. */
  readonly onCollected?: (days: readonly DatedOutcome[]) => Promise<void>
}

/**
 * Gathers the outcome of every dataset-day from the Map's results into `summary.json`, and makes sure that the ledger
 * knows of every failed day, with its error, so that mode `failed` finds it and the day is not tried for nothing, and of
 * every empty one, which is no gap. A day that was to be worked on again has been.
 */
export async function collect(
  input: CollectInput,
  { data, now, onFailed, costOf, writePage, onCollected }: CollectContext,
): Promise<CollectOutput> {
  const { execution, dryRun, mode, at } = input.plan
  const results = await readMapResults(data, input)
  const ended = results.map((result): EndedChild => ({ result, day: outcomeOf(result) }))
  const days = ended.map(({ day }) => day).sort(byDatasetAndDate)
  const counts = countByStatus(days)
  const failed = days.filter((day) => day.status === 'failed')
  for (const day of failed) onFailed?.(day)
  if (!dryRun) {
    await recordFailures(data, failedDays(ended, now()), { execution: execution.arn, mode })
    if (mode === 'failed') await removeUnreadableAttempts(data, days)
    await unqueueDays(data, days)
    await keepOutstanding(data, ended.flatMap(endedDay), { execution: execution.arn, now: now() })
    await inParallel(ended.filter(isEmpty), ({ result, day }) =>
      putEmptyDay(data, day, {
        foundAt: isoTime(result.StopDate) ?? now(),
        why: day.why,
        execution: execution.arn,
      }),
    )
  }
  const key = summaryKey(execution.name)
  const cost = dryRun ? undefined : costOf?.(days)
  const told = { execution, dryRun, mode, counts, days, at, collectedAt: now(), ...(cost && { cost }) }
  await putSummary(data, told satisfies Summary, writePage)
  if (!dryRun) await onCollected?.(datedOutcomes(ended, now()))
  return {
    summary: { bucket: data.name, key },
    counts,
    cause: failedDaysCause(failed, { total: days.length, summaryUri: s3Uri(data.name, key), dryRun }),
  }
}

/** What a child execution says of its day. A child that did not run or failed has no outcome of its own. */
function outcomeOf(result: ChildResult): DayOutcome {
  if (result.Status === 'SUCCEEDED' && result.Output !== undefined)
    return JSON.parse(result.Output) as DayOutcome
  const { dataset, date } = JSON.parse(result.Input) as DatasetDay
  const { error, cause } = failureOf(result)
  return { dataset, date, status: 'failed', why: error, error, cause }
}

/** What a child execution has left, and what that says of its day. */
interface EndedChild {
  readonly result: ChildResult
  readonly day: DayOutcome
}

const isEmpty = ({ day }: EndedChild) => day.status === 'empty'

function datedOutcomes(ended: readonly EndedChild[], now: string): DatedOutcome[] {
  return ended.map(({ result, day }) => ({ ...day, at: isoTime(result.StopDate) ?? now }))
}

/** The days that are known to have failed, each with when it did: others may have published it since. */
function failedDays(ended: readonly EndedChild[], now: string): FailedDay[] {
  return ended.flatMap(({ result, day }) => {
    if (result.isUntold || day.status !== 'failed') return []
    return [{ ...day, lasts: failureOf(result).lasts, failedAt: isoTime(result.StopDate) ?? now }]
  })
}

/** A day that was only tended and of which nothing is known has an entry of its own, which brings it back. */
function endedDay({ result, day }: EndedChild): EndedDay[] {
  const isUntold = result.isUntold === true
  if (isUntold && (JSON.parse(result.Input) as DayItem).mode === TEND) return []
  return [{ ...day, endedAt: isoTime(result.StopDate), isUntold }]
}

const isoTime = (date: string | undefined) => date && new Date(date).toISOString()

const NO_DAYS = Object.fromEntries(Object.keys(DAY_STATUSES).map((status) => [status, 0])) as Readonly<
  Record<DayStatus, number>
>

function countByStatus(days: readonly DayOutcome[]): Record<DayStatus, number> {
  const counts = { ...NO_DAYS }
  for (const { status } of days) counts[status] += 1
  return counts
}

function byDatasetAndDate(left: DayOutcome, right: DayOutcome): number {
  if (left.dataset !== right.dataset) return left.dataset < right.dataset ? -1 : 1
  return left.date < right.date ? -1 : left.date > right.date ? 1 : 0
}
