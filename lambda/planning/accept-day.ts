import type { ManifestHead } from '../../aws/day-state.ts'
import { readAttempt } from '../../aws/day-state.ts'
import type { PlanDayInput, PlanDayOutput } from '../../core/messages.ts'
import { claimDay, isUnfinished } from '../ledger/attempts.ts'
import { publishedOf } from '../ledger/manifest-store.ts'
import { busyWith, gateOf } from './attempt-gate.ts'
import type { PlanDayContext } from './context.ts'
import { outcomes } from './outcomes.ts'
import { listRawObjects } from './raw-listing.ts'
import { triedWith } from './tried.ts'

/**
 * Marks the last attempt at a day as accepted if it has failed, for mode `accept`: until its raw files, feature code or
 * settings change, the day is left as it is and not outstanding. Changes nothing in a dry run.
 *
 * @param head of the day's manifest; undefined if it has none
 */
export async function acceptDay(
  input: PlanDayInput,
  context: PlanDayContext,
  head: ManifestHead | undefined,
): Promise<PlanDayOutput> {
  const { ledger, raw, dataset, now } = context
  const stored = await readAttempt(ledger.data, input)
  const published = publishedOf(head)
  if (!stored || !isUnfinished(stored.attempt, published)) return outcomes(input).notFailed()
  const busy = await busyWith(gateOf(input, context), stored.attempt, published?.attempt)
  if (busy !== undefined) return outcomes(input).busy(`${busy} is working on it`)
  if (stored.attempt.accepted) return outcomes(input).accepted(stored.attempt)
  if (input.dryRun) return outcomes(input).planned('its failure would be accepted')
  const tried = triedWith(context, await listRawObjects(raw, dataset, input.date))
  const accepted = { execution: input.execution.arn, at: now() }
  const attempt = { ...stored.attempt, ...tried, accepted }
  if (await claimDay(ledger.data, input, attempt, stored)) return outcomes(input).accepted(attempt)
  return outcomes(input).busy('another execution is working on it')
}
