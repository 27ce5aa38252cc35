import { readAttempt, type ManifestHead } from '../../aws/day-state.ts'
import type { PlanDayInput } from '../../core/messages.ts'
import { publishedOf } from '../ledger/manifest-store.ts'
import { tendDay } from '../ledger/tend.ts'
import { busyWith, gateOf } from './attempt-gate.ts'
import type { PlanDayContext } from './context.ts'

/** Takes a day that is away closer to its home, unless a job may be reading what would be deleted. */
export async function tendUnlessBusy(
  input: PlanDayInput,
  context: PlanDayContext,
  head: ManifestHead | undefined,
): Promise<string[]> {
  if (input.dryRun || head?.metadata.away !== 'yes') return []
  const attempt = await readAttempt(context.ledger.data, input)
  const busy = await busyWith(gateOf(input, context), attempt?.attempt, publishedOf(head)?.attempt)
  return busy === undefined ? await tendDay(context.ledger, input) : []
}
