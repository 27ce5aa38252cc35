import { randomUUID } from 'node:crypto'
import { DayfoldError } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { replacementPrefix } from '../../core/layout.ts'
import type { PlanDayInput } from '../../core/messages.ts'
import type { Ledger, StoredManifest } from '../ledger/ledger.ts'
import { mendManifest } from '../ledger/mend-manifest.ts'
import { rollForward, type ResolvedIntent } from '../ledger/operations/finish.ts'
import { relocate } from '../ledger/relocate.ts'
import type { PlanDayContext } from './context.ts'
import { listRawObjects } from './raw-listing.ts'

/** Finishes the open intent. Mode `rebuild` first replaces a manifest that cannot be read. */
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
 * Replaces a manifest that is missing or unreadable. Begins an empty one only in mode `rebuild`, and only if there are
 * raw files to make the day from or it may be emptied. Returns false where it replaced none.
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

/** Moves the day to a folder that holds only its own objects. Returns false when somebody else works on the day. */
export async function leaveForeignBehind(
  ledger: Ledger,
  day: DatasetDay,
  stored: StoredManifest,
): Promise<boolean> {
  const { generation } = stored.manifest.published!
  const location = replacementPrefix(day.dataset, day.date, generation, randomUUID())
  return await relocate(ledger, day, stored, location)
}

/** Makes the error of a day whose published rows are lost and cannot be made again. */
export function damagedDay({ dataset, date }: DatasetDay, why: string): DayfoldError {
  return new DayfoldError(
    'DamagedDay',
    `${dataset} ${date}: expected the published objects as they were published, found: ${why}. Nothing was deleted; ` +
      'bring the raw files back, or make the day again from those that are there with mode rebuild.',
  )
}
