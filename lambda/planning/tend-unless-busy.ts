import { readAttempt, type ManifestHead } from '../../aws/day-state.ts'
import type { PlanDayInput } from '../../core/messages.ts'
import { publishedOf } from '../ledger/manifest-store.ts'
import { tendDay, type IsRead } from '../ledger/tend.ts'
import { busyWith, gateOf } from './attempt-gate.ts'
import type { PlanDayContext } from './context.ts'

/**
 * Takes a day closer to its ordinary folder, unless another execution's job may be reading files that would be deleted.
 * Does nothing for a day that is there already, and in a dry run.
 *
 * @returns the steps that were taken, in words
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

/**
 * Makes a function that tells if the job of another running execution may be reading parts of the day.
 *
 * @param publishedAttempt token of the published generation, if any
 */
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
