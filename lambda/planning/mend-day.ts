import { randomUUID } from 'node:crypto'
import { DayfoldError } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { replacementPrefix } from '../../core/layout.ts'
import type { PlanDayInput } from '../../core/messages.ts'
import type { Ledger, StoredManifest } from '../ledger/ledger.ts'
import { mendManifest } from '../ledger/mend-manifest.ts'
import { rollForward, type ResolvedIntent } from '../ledger/operations/finish.ts'
import { relocate } from '../ledger/relocate.ts'
import type { PlanDayContext } from './context.ts'
import { listRawObjects } from './raw-listing.ts'

/**
 * Finishes the operation (the intent) that a day's manifest announces, or returns who holds it. In mode `rebuild`, a
 * manifest that cannot be read is replaced first.
 *
 * @throws DayfoldError CorruptState if the manifest cannot be read and is not replaced
 */
export async function resolveIntent(input: PlanDayInput, context: PlanDayContext): Promise<ResolvedIntent> {
  const { ledger } = context
  try {
    return await rollForward(ledger, input, { hasWork: true })
  } catch (error) {
    const isCorrupt = error instanceof DayfoldError && error.code === 'CorruptState'
    if (!isCorrupt || input.mode !== 'rebuild') throw error
    if (!(await mendLost(input, context))) throw error
    return await rollForward(ledger, input, { hasWork: true })
  }
}

/**
 * Replaces a manifest that is missing or unreadable by an older version. Without an older version, writes an empty one
 * in mode `rebuild`, provided that there are raw files to make the day from or that the day may become empty. Returns
 * false if it replaced nothing.
 */
export async function mendLost(input: PlanDayInput, context: PlanDayContext): Promise<boolean> {
  const isAsked = input.mode === 'rebuild'
  const mayBeginAnew = isAsked && (input.allowEmpty || (await hasRawObjects(input, context)))
  return await mendManifest(context.ledger, input, { mayBeginAnew })
}

/** True if there are raw files that a rebuild would read. */
async function hasRawObjects({ date }: PlanDayInput, { raw, dataset }: PlanDayContext): Promise<boolean> {
  const { objects, archived } = await listRawObjects(raw, dataset, date)
  return dataset.unreadable === 'fail'
    ? objects.length > 0 && archived.size === 0
    : objects.length > archived.size
}

/**
 * Moves a published day to a new folder of its own, so that readers no longer see foreign objects. Returns false if the
 * move was put off or somebody else works on the day.
 */
export async function leaveForeignBehind(
  ledger: Ledger,
  day: DatasetDay,
  stored: StoredManifest,
): Promise<boolean> {
  const { generation } = stored.manifest.published!
  const location = replacementPrefix(day.dataset, day.date, generation, randomUUID())
  return await relocate(ledger, day, stored, location)
}

/**
 * Makes the error DamagedDay for a day whose published files are lost and cannot be made again without losing rows.
 *
 * @param why the damage, in words
 */
export function damagedDay({ dataset, date }: DatasetDay, why: string): DayfoldError {
  return new DayfoldError(
    'DamagedDay',
    `${dataset} ${date}: expected the published objects as they were published, found: ${why}. Nothing was deleted; ` +
      'bring the raw files back, or make the day again from those that are there with mode rebuild.',
  )
}
