import { randomUUID } from 'node:crypto'
import type { DayOutcome, DayStatus } from '../../core/messages.ts'
import { MODES, type Mode } from '../../core/modes.ts'
import type { Attempt } from '../../core/attempt.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import { headManifest, readAttempt } from '../../aws/day-state.ts'
import { deleteUnmoved } from '../../aws/write-objects.ts'
import { attemptKey } from '../../core/layout.ts'
import { claimDay, isUnfinished } from '../ledger/attempts.ts'
import { publishedOf } from '../ledger/manifest-store.ts'

/** The execution whose failed days are recorded, and its mode. */
export interface FailedRun {
  /** ARN of the execution. */
  readonly execution: string
  readonly mode: Mode
}

/** A day that failed in an execution. */
export interface FailedDay extends DayOutcome {
  /** ISO time at which its child ended. */
  readonly failedAt: string
  /** True if the day would fail again as long as raw files, feature code and settings stay the same. */
  readonly lasts: boolean
}

/**
 * Notes every failed day in its `attempt.json`: adds the error to the attempt of this execution, or writes an attempt
 * if the day failed before it had one. Changes nothing if the newest attempt has an error already or belongs to another
 * execution, or if the day was published after it failed.
 */
export async function recordFailures(
  data: Bucket,
  failed: readonly FailedDay[],
  run: FailedRun,
): Promise<void> {
  await inParallel(failed, async (day) => {
    const stored = await readAttempt(data, day)
    const published = publishedOf(await headManifest(data, day))
    const error = `${day.error}: ${day.cause}`
    if (stored && isUnfinished(stored.attempt, published)) {
      const isOwn = stored.attempt.execution === run.execution && stored.attempt.error === undefined
      if (isOwn) await claimDay(data, day, { ...stored.attempt, error, lasts: day.lasts }, stored)
      return
    }
    const attempt: Attempt = {
      token: randomUUID(),
      kind: MODES[run.mode].kindOfUndecided,
      execution: run.execution,
      startedAt: day.failedAt,
      why: day.why,
      error,
    }
    if (isUnfinished(attempt, published)) await claimDay(data, day, attempt, stored)
  })
}

/** Outcomes of a day for which an execution in mode `failed` has found nothing to do. */
const NOTHING_TO_DO: readonly DayStatus[] = ['unchanged', 'empty']

/**
 * Deletes unreadable `attempt.json` documents of days in which an execution in mode `failed` found nothing to do:
 * otherwise they would count as failed for ever.
 */
export async function removeUnreadableAttempts(data: Bucket, days: readonly DayOutcome[]): Promise<void> {
  const idle = days.filter(({ status }) => NOTHING_TO_DO.includes(status))
  await inParallel(idle, async (day) => {
    const stored = await readAttempt(data, day)
    if (stored?.problem) await deleteUnmoved(data, attemptKey(day.dataset, day.date), stored.etag)
  })
}
