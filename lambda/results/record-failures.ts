import { randomUUID } from 'node:crypto'
import type { Mode } from '../../core/execution-input.ts'
import type { Attempt } from '../../core/manifest.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { inParallel } from '../aws/in-parallel.ts'
import type { Bucket } from '../aws/objects.ts'
import { claimDay, isUnfinished, readAttempt } from '../ledger/attempts.ts'
import { headManifest, publishedOf } from '../ledger/manifest-store.ts'

export interface FailedRun {
  /** ARN of the execution in which the days failed. */
  readonly execution: string
  readonly mode: Mode
  /** ISO time. */
  readonly at: string
}

/**
 * Leaves a failed attempt for every day that failed before it could make one of its own. An attempt that has failed
 * already, or that another execution is working on, stays.
 */
export async function recordFailures(
  data: Bucket,
  failed: readonly DayOutcome[],
  run: FailedRun,
): Promise<void> {
  await inParallel(failed, async (day) => {
    const stored = await readAttempt(data, day)
    if (stored && isUnfinished(stored.attempt, publishedOf(await headManifest(data, day)))) return
    const attempt: Attempt = {
      token: randomUUID(),
      kind: run.mode === 'rebuild' ? 'rebuild' : 'extend',
      execution: run.execution,
      startedAt: run.at,
      why: day.why,
      error: `${day.error}: ${day.cause}`,
    }
    await claimDay(data, day, attempt, stored)
  })
}
