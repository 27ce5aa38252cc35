import type { DatasetDay } from '../../core/dataset-day.ts'
import type { PlanDayInput } from '../../core/messages.ts'
import type { Attempt } from '../../core/attempt.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { IsRunning } from '../../aws/executions.ts'
import { readAttempt, type StoredAttempt } from '../../aws/day-state.ts'
import { claimDay } from '../ledger/attempts.ts'
import type { PlanDayContext } from './context.ts'

/** Bucket and callback to find out which execution works on a day, and the execution that asks. */
export interface AttemptGate {
  readonly data: Bucket
  /** Tells if an execution, or a child of the Map, is still running. */
  readonly isRunning: IsRunning
  /** ARN of the execution that asks. */
  readonly execution: string
}

/** Returns the {@link AttemptGate} of the execution that a call of PlanDay belongs to. */
export function gateOf(
  { execution }: Pick<PlanDayInput, 'execution'>,
  { ledger, isRunning }: Pick<PlanDayContext, 'ledger' | 'isRunning'>,
): AttemptGate {
  return { data: ledger.data, isRunning, execution: execution.arn }
}

/**
 * Returns the ARN of another running execution that works on the day; undefined if there is none. Asks for the Map's
 * child of that day, not for the execution: an execution whose child has failed may itself be waiting for the one that
 * asks.
 *
 * @param attempt the newest attempt at the day, if any
 * @param publishedAttempt token of the published generation, if any; an attempt with this token is over
 */
export async function busyWith(
  { isRunning, execution }: AttemptGate,
  attempt: Attempt | undefined,
  publishedAttempt: string | undefined,
): Promise<string | undefined> {
  if (!attempt || attempt.error !== undefined || attempt.token === publishedAttempt) return undefined
  if (attempt.execution === execution) return undefined
  return (await isRunning(attempt.child ?? attempt.execution)) ? attempt.execution : undefined
}

/**
 * Writes the day's `attempt.json` for a new attempt, unless another running execution works on the day. Of two
 * executions that do so at the same time, one finds the other.
 *
 * @returns undefined if the attempt was written; else the ARN of the execution that works on the day
 */
export async function claimUnlessBusy(
  gate: AttemptGate,
  day: DatasetDay,
  attempt: Attempt,
  publishedAttempt: string | undefined,
): Promise<string | undefined> {
  let stored: StoredAttempt | undefined
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    stored = await readAttempt(gate.data, day)
    const busy = await busyWith(gate, stored?.attempt, publishedAttempt)
    if (busy !== undefined) return busy
    if (await claimDay(gate.data, day, attempt, stored)) return undefined
  }
  // Another writer was first each time: the day is theirs.
  return stored?.attempt.execution
}

/** Maximum number of attempts to write while other writers are first. */
const MAX_ROUNDS = 5
