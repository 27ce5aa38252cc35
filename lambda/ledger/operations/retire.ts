import { isSameLocation, partitionLocation } from '../../../aws/partitions.ts'
import { deleteObjects } from '../../../aws/write-objects.ts'
import { s3Uri } from '../../../core/layout.ts'
import type { RetireIntent } from '../../../core/manifest.ts'
import { isCrawled } from '../crawls.ts'
import { commit, FINISHED, SUPERSEDED, type IntentEnd } from '../intents.ts'
import type { Held, Ledger } from '../ledger.ts'

/**
 * RETIRE: the recorded keys of folders that were left go. The grace was over when it was begun; a folder that is shown
 * again, or may soon be by a crawler, is left alone.
 */
export async function retire(ledger: Ledger, held: Held<RetireIntent>): Promise<IntentEnd> {
  const { day, manifest } = held
  const { retired = [] } = manifest
  const shown = await partitionLocation(ledger.catalog, day.dataset, day.date)
  const isShown = retired.some(({ prefix }) => isSameLocation(shown, s3Uri(ledger.data.name, prefix)))
  if (isShown || (await isCrawled(ledger, day.dataset))) {
    return (await commit(ledger, held, {})) ? { kind: 'forgotten' } : SUPERSEDED
  }
  await deleteObjects(
    ledger.data,
    retired.flatMap(({ keys }) => keys),
  )
  return (await commit(ledger, held, { retired: [] })) ? FINISHED : SUPERSEDED
}
