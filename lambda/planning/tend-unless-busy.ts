import { readAttempt, type ManifestHead } from '../../aws/day-state.ts'
import type { PlanDayInput } from '../../core/messages.ts'
import { publishedOf } from '../ledger/manifest-store.ts'
import { tendDay, type IsRead } from '../ledger/tend.ts'
import { busyWith, gateOf } from './attempt-gate.ts'
import type { PlanDayContext } from './context.ts'

/**
 * Takes a day that is away closer to its home, unless a job may be reading files that would be deleted. Returns the
 * steps.
 */
export async function tendUnlessBusy(
  input: PlanDayInput,
  context: PlanDayContext,
  head: ManifestHead | undefined,
): Promise<string[]> {
  if (input.dryRun || head?.metadata.away !== 'yes') return []
  const isBusy = isBusyWith(input, context, publishedOf(head)?.attempt)
  return (await isBusy()) ? [] : await tendDay(context.ledger, input, isBusy)
}

/** Makes a check whether another execution's job may be reading parts of the day. */
export function isBusyWith(
  input: Pick<PlanDayInput, 'dataset' | 'date' | 'execution'>,
  context: PlanDayContext,
  publishedAttempt: string | undefined,
): IsRead {
  return async () => {
    const attempt = await readAttempt(context.ledger.data, input)
    return (await busyWith(gateOf(input, context), attempt?.attempt, publishedAttempt)) !== undefined
  }
}
