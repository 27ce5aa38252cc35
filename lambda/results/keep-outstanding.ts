import { listOutstandingDays, readOutstandingDay, type OutstandingFacts } from '../../aws/outstanding-days.ts'
import { headManifest, readAttempt } from '../../aws/day-state.ts'
import { isWrittenAfter, putDayEntry, removeDayEntry } from '../../aws/day-entries.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import { deleteUnmoved } from '../../aws/write-objects.ts'
import { isOutstanding } from '../../core/day-status.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { attemptKey, OUTSTANDING } from '../../core/layout.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { unfinishedAttempt } from '../ledger/attempts.ts'
import { publishedOf } from '../ledger/manifest-store.ts'

/** Outcome of a day in an execution, and the time at which its child ended. */
export interface EndedDay extends DayOutcome {
  /** ISO time; undefined if the Map's results do not tell. */
  readonly endedAt?: string | undefined
  /**
   * True if the outcome is unknown, because the Map's results could not be read.
   * @default false
   */
  readonly isUntold?: boolean
}

/**
 * Updates the list of outstanding days, `state/_outstanding/`, after an execution. Adds each day that failed, is stuck
 * or is superseded, unless its newest attempt is published by now. Adds each day whose outcome is unknown, unless this
 * execution has published it, so that the next execution looks at it. Removes each day that was published,
 * unchanged, empty or accepted, unless its entry was written after this execution's work on it ended. The failed attempt
 * of a day that is unchanged is deleted with its entry: nothing will be tried again, so that it would be shown for ever.
 *
 * @param execution ARN of the execution
 * @param now ISO time that is written into new entries of days whose end is unknown
 */
export async function keepOutstanding(
  data: Bucket,
  days: readonly EndedDay[],
  { execution, now }: { readonly execution: string; readonly now: string },
): Promise<void> {
  const begun = days.filter(({ status }) => isOutstanding(status) === true)
  await inParallel(begun, async (day) => {
    if (!(await isBegun(data, day, execution))) return
    await put(data, day, { execution, since: day.endedAt ?? now })
  })
  const ended = new Map(
    days.filter(({ status }) => isOutstanding(status) === false).map((day) => [idOf(day), day]),
  )
  for (const entry of await listOutstandingDays(data)) {
    const day = ended.get(idOf(entry))
    if (!day || isWrittenAfter(entry, day.endedAt)) continue
    if (day.status === 'unchanged') await removeFailedAttempt(data, day)
    await removeDayEntry(data, entry)
  }
}

const idOf = ({ dataset, date }: DatasetDay) => `${dataset}/${date}`

async function isBegun(data: Bucket, day: EndedDay, execution: string): Promise<boolean> {
  if (day.isUntold) return !(await isPublishedBy(data, day, execution)) && !(await isKept(data, day))
  return day.status === 'superseded' || (await hasFailed(data, day))
}

async function isPublishedBy(data: Bucket, day: DatasetDay, execution: string): Promise<boolean> {
  const stored = await readAttempt(data, day)
  const published = publishedOf(await headManifest(data, day))
  return stored?.attempt.execution === execution && stored.attempt.token === published?.attempt
}

/** True if a day has a readable entry already, which knows more. */
async function isKept(data: Bucket, day: DatasetDay): Promise<boolean> {
  const found = await readOutstandingDay(data, day)
  return found !== undefined && !(found instanceof DayfoldError)
}

/** True if the newest attempt at a day is neither published nor accepted. */
async function hasFailed(data: Bucket, day: DatasetDay): Promise<boolean> {
  const stored = await unfinishedAttempt(data, day)
  return stored !== undefined && !stored.attempt.accepted
}

async function removeFailedAttempt(data: Bucket, day: DatasetDay): Promise<void> {
  const stored = await unfinishedAttempt(data, day)
  if (stored?.attempt.error === undefined) return
  await deleteUnmoved(data, attemptKey(day.dataset, day.date), stored.etag)
}

/**
 * Writes an entry, and keeps the time since which the day is outstanding. One that says the same as before is written
 * anew: days take turns by the age of their entries, and an earlier execution that ends later must not remove it.
 */
async function put(
  data: Bucket,
  { dataset, date, status, error, cause }: DayOutcome,
  { execution, since }: Pick<OutstandingFacts, 'execution' | 'since'>,
): Promise<void> {
  const found = await readOutstandingDay(data, { dataset, date })
  const known = found instanceof DayfoldError ? undefined : found
  const isSame = known?.status === status && known.error === error && known.cause === cause
  const facts: OutstandingFacts = {
    since: known?.since ?? since,
    status,
    execution: isSame ? known.execution : execution,
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  }
  await putDayEntry(data, OUTSTANDING, { dataset, date }, facts)
}
