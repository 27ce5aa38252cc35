import type { DatedOutcome } from '../../core/dataset-facts.ts'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
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
import { removeScheduledDays } from '../ledger/scheduled-days.ts'
import { failureOf } from './child-failure.ts'
import { failedDaysCause } from './failure-text.ts'
import { keepOutstanding, type EndedDay } from './keep-outstanding.ts'
import { readMapResults, type ChildResult } from './map-results.ts'
import { recordFailures, removeUnreadableAttempts, type FailedDay } from './record-failures.ts'

/** Bucket, clock and callbacks of Collect. */
export interface CollectContext {
  readonly data: Bucket
  /** Returns the current time as an ISO time. */
  readonly now: () => string
  /** Called with each failed day, before anything is recorded. */
  readonly onFailed?: (day: DayOutcome) => void
  /** Returns the cost of the days; not called in a dry run. @default the cost is not known */
  readonly costOf?: (days: readonly DayOutcome[]) => RunCost
  /** Writes the page of the execution. @default none is written */
  readonly writePage?: WritePage
  /** Called with the outcomes of all days once the ledger and the summary are written; not in a dry run. */
  readonly onCollected?: (days: readonly DatedOutcome[]) => Promise<void>
}

/**
 * Gathers the outcome of every dataset-day from the Map's results into `runs/<execution>/summary.json`. Unless it is a
 * dry run, it also updates the ledger: notes errors in the attempts of failed days, so that mode `failed` finds them
 * and mode `changed` does not try them in vain; keeps the list of outstanding days; notes empty days, which are then no
 * gaps; takes days that were dealt with from the queue `state/_again/`, and forgets what a scheduled execution had set
 * out to do.
 *
 * @throws DayfoldError CorruptState if neither the Map's results nor its items can be read
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
    // In this order: a failed day must always be on one of the two lists.
    await keepOutstanding(data, ended.flatMap(endedDay), { execution: execution.arn, now: now() })
    await unqueueDays(data, ended.map(withEnd))
    await inParallel(ended.filter(isEmpty), ({ result, day }) =>
      putEmptyDay(data, day, {
        foundAt: isoTime(result.StopDate) ?? now(),
        why: day.why,
        execution: execution.arn,
      }),
    )
  }
  if (input.plan.scheduled && !dryRun) await removeScheduledDays(data, execution.name)
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

/** Reads the outcome of a child's day. A child that failed or did not run has none: its day counts as failed. */
function outcomeOf(result: ChildResult): DayOutcome {
  if (result.Status === 'SUCCEEDED' && result.Output !== undefined)
    return JSON.parse(result.Output) as DayOutcome
  const { dataset, date } = JSON.parse(result.Input) as DatasetDay
  const { error, cause } = failureOf(result)
  return { dataset, date, status: 'failed', why: error, error, cause }
}

/** Result of a child, and the outcome of its day. */
interface EndedChild {
  readonly result: ChildResult
  readonly day: DayOutcome
}

const isEmpty = ({ day }: EndedChild) => day.status === 'empty'

function datedOutcomes(ended: readonly EndedChild[], now: string): DatedOutcome[] {
  return ended.map(({ result, day }) => ({ ...day, at: isoTime(result.StopDate) ?? now }))
}

/** Returns the days that are known to have failed, and when: others may have published them since. */
function failedDays(ended: readonly EndedChild[], now: string): FailedDay[] {
  return ended.flatMap(({ result, day }) => {
    if (result.isUntold || day.status !== 'failed' || isTended(result)) return []
    return [{ ...day, lasts: failureOf(result).lasts, failedAt: isoTime(result.StopDate) ?? now }]
  })
}

/**
 * Leaves out a tended day that failed or of which nothing is known: its own entry brings it back, and nobody asked for
 * work on its rows.
 */
function endedDay(child: EndedChild): EndedDay[] {
  const isUntold = child.result.isUntold === true
  if ((isUntold || child.day.status === 'failed') && isTended(child.result)) return []
  return [{ ...withEnd(child), isUntold }]
}

const withEnd = ({ result, day }: EndedChild) => ({ ...day, endedAt: isoTime(result.StopDate) })

const isTended = ({ Input }: ChildResult) => (JSON.parse(Input) as DayItem).mode === TEND

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
