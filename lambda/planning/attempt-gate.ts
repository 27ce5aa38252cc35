import type { DatasetDay } from '../../core/execution-input.ts'
import type { PlanDayInput } from '../../core/messages.ts'
import type { Attempt } from '../../core/attempt.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { IsRunning } from '../../aws/executions.ts'
import { readAttempt, type StoredAttempt } from '../../aws/day-state.ts'
import { claimDay } from '../ledger/attempts.ts'
import type { PlanDayContext } from './context.ts'

/** The means to find out which execution works on a day. */
export interface AttemptGate {
  readonly data: Bucket
  readonly isRunning: IsRunning
  /** ARN of the execution that asks. */
  readonly execution: string
}

/** Returns the gate through which an execution's functions claim days. */
export function gateOf(
  { execution }: Pick<PlanDayInput, 'execution'>,
  { ledger, isRunning }: Pick<PlanDayContext, 'ledger' | 'isRunning'>,
): AttemptGate {
  return { data: ledger.data, isRunning, execution: execution.arn }
}

/**
 * Returns the ARN of another execution whose attempt works on the day; undefined when there is none. Asks for the Map's
 * child: an execution whose child has failed may itself be waiting for the one that asks.
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
 * Claims a day for an attempt, unless another running execution works on it. Of two that claim at the same time, one
 * finds the other.
 *
 * @returns ARN of the execution that works on the day, or undefined when it is claimed
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

const MAX_ROUNDS = 5
