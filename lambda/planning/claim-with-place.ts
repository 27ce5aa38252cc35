import { readAttempt } from '../../aws/day-state.ts'
import type { Attempt } from '../../core/attempt.ts'
import type { PlanDayInput, PlanDayOutput } from '../../core/messages.ts'
import { giveBackPlace, takePlace } from '../ledger/places.ts'
import { busyWith, claimUnlessBusy, gateOf } from './attempt-gate.ts'
import type { PlanDayContext } from './context.ts'
import { outcomes } from './outcomes.ts'

/**
 * Reserves a day for an attempt by writing `attempt.json`. If its dataset has `maxConcurrency`, takes one of its
 * concurrency slots (`state/_places/`) first.
 *
 * @param publishedAttempt token of the published generation, if any
 * @returns undefined if the day is reserved; else PlanDay's answer, because another execution works on the day or no
 * slot is free
 */
export async function claimWithPlace(
  input: PlanDayInput,
  context: PlanDayContext,
  attempt: Attempt,
  publishedAttempt: string | undefined,
): Promise<PlanDayOutput | undefined> {
  const { ledger, isRunning, dataset } = context
  const { maxConcurrency: count } = dataset
  if (count === undefined) return await claim(input, context, attempt, publishedAttempt)
  const busy = await busyAlready(input, context, publishedAttempt)
  if (busy) return busy
  const places = { data: ledger.data, isRunning, count }
  const holder = { dataset: dataset.name, date: input.date, child: input.child.arn, nonce: attempt.token }
  if (!(await takePlace(places, holder, input.waits))) return outcomes(input).withoutPlace(count)
  const refusal = await claim(input, context, attempt, publishedAttempt)
  // A day that waits holds no slot meanwhile.
  if (refusal) await giveBackPlace(places, holder)
  return refusal
}

/**
 * Checked before a slot is taken: the schedule leaves a day that another execution works on, instead of waiting for it.
 */
async function busyAlready(
  input: PlanDayInput,
  context: PlanDayContext,
  publishedAttempt: string | undefined,
): Promise<PlanDayOutput | undefined> {
  const stored = await readAttempt(context.ledger.data, input)
  return answer(input, await busyWith(gateOf(input, context), stored?.attempt, publishedAttempt))
}

async function claim(
  input: PlanDayInput,
  context: PlanDayContext,
  attempt: Attempt,
  publishedAttempt: string | undefined,
): Promise<PlanDayOutput | undefined> {
  return answer(input, await claimUnlessBusy(gateOf(input, context), input, attempt, publishedAttempt))
}

const answer = (input: PlanDayInput, busy: string | undefined) =>
  busy === undefined ? undefined : outcomes(input).busy(`${busy} is working on it`)
