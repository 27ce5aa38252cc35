import { randomUUID } from 'node:crypto'
import { headManifest } from '../../aws/day-state.ts'
import type { Attempt } from '../../core/attempt.ts'
import type { DayfoldError } from '../../core/errors.ts'
import { FAILURES } from '../../core/failures.ts'
import type { PlanDayInput, PlanDayOutput } from '../../core/messages.ts'
import { MODES, TEND } from '../../core/modes.ts'
import { unfinishedAttempt } from '../ledger/attempts.ts'
import { publishedOf } from '../ledger/manifest-store.ts'
import { claimUnlessBusy, gateOf } from './attempt-gate.ts'
import type { PlanDayContext } from './context.ts'
import { ASKED_FOR } from './decide.ts'
import { outcomes } from './outcomes.ts'
import { codeTried, isSameTry, type Tried } from './tried.ts'

/**
 * Returns PlanDay's answer for a day whose last attempt failed with the same raw files, feature code and settings, if
 * it would fail again (`stuck`) or its failure was accepted. Undefined if another attempt is worth it or the mode asks
 * for one.
 *
 * @param tried what the next attempt would try
 */
export async function leftAsItFailed(
  input: PlanDayInput,
  context: PlanDayContext,
  tried: Tried,
): Promise<PlanDayOutput | undefined> {
  const failed = await lastFailure(input, context)
  if (!failed || !isSameTry(failed, tried)) return undefined
  return answerFor(input, failed)
}

/**
 * Handles an error that PlanDay itself meets. If the day's last attempt failed with the same error, feature code and
 * settings, returns the answer `stuck` or `accepted`, in modes that leave such days. Otherwise throws the error; one
 * that is new is first recorded as a failed attempt, unless it is worth another try or the execution is a dry run.
 *
 * @throws DayfoldError `error`, unless it repeats the last failure
 */
export async function failedToPlan(
  input: PlanDayInput,
  context: PlanDayContext,
  error: DayfoldError,
): Promise<PlanDayOutput> {
  if (input.mode === TEND || FAILURES[error.code].isWorthAnotherTry) throw error
  const found = { ...codeTried(context), error: `${error.code}: ${error.message}` }
  const failed = await lastFailure(input, context)
  // PlanDay looked at the whole day: the same error is the same failure, even if raw files have been added.
  const isSame = failed?.error === found.error && isSameTry(failed, codeTried(context))
  const answer = isSame ? answerFor(input, { ...failed, lasts: true }) : undefined
  if (answer) return answer
  if (!input.dryRun && !isSame) await noteFailure(input, context, { ...found, ...undecided(input, failed) })
  throw error
}

/** Reads the newest attempt at a day; undefined if it is published, unreadable or missing. */
async function lastFailure(
  input: PlanDayInput,
  { ledger: { data } }: PlanDayContext,
): Promise<Attempt | undefined> {
  const stored = await unfinishedAttempt(data, input)
  return stored?.problem ? undefined : stored?.attempt
}

function answerFor(input: PlanDayInput, failed: Attempt): PlanDayOutput | undefined {
  if (input.mode === TEND || !MODES[input.mode].leavesStuck) return undefined
  if (failed.accepted) return outcomes(input).accepted(failed)
  return failed.lasts ? outcomes(input).stuck(failed) : undefined
}

/** Returns kind and reason of an attempt that ends before a decision. A rebuild that was asked for stays one. */
function undecided({ mode }: PlanDayInput, failed: Attempt | undefined): Pick<Attempt, 'kind' | 'why'> {
  if (mode === TEND) throw new Error('A day that is only tended is not attempted.')
  const { isForFailed, kindOfUndecided: kind } = MODES[mode]
  if (isForFailed && failed) return { kind: failed.kind, why: failed.why }
  return { kind, why: kind === 'rebuild' ? ASKED_FOR : 'not decided' }
}

async function noteFailure(
  input: PlanDayInput,
  context: PlanDayContext,
  facts: Partial<Tried> & Pick<Attempt, 'kind' | 'why' | 'error'>,
): Promise<void> {
  const attempt: Attempt = {
    ...facts,
    token: randomUUID(),
    execution: input.execution.arn,
    startedAt: context.now(),
  }
  const published = publishedOf(await headManifest(context.ledger.data, input))
  await claimUnlessBusy(gateOf(input, context), input, attempt, published?.attempt)
}
