import { isSameLocation, partitionLocation } from '../../../aws/partitions.ts'
import { deleteObjects } from '../../../aws/write-objects.ts'
import type { DatasetDay } from '../../../core/dataset-day.ts'
import { s3Uri } from '../../../core/layout.ts'
import type { RetiredFolder, RetireIntent } from '../../../core/manifest.ts'
import { isCrawled } from '../crawls.ts'
import { commit, FINISHED, SUPERSEDED, type IntentEnd } from '../intents.ts'
import type { Held, Ledger } from '../ledger.ts'

/**
 * Carries out the operation RETIRE: deletes the recorded keys of replaced folders. The caller has checked that no query
 * can still read them. Deletes nothing while the table is crawled or the partition points to a folder with keys to
 * delete.
 */
export async function retire(ledger: Ledger, held: Held<RetireIntent>): Promise<IntentEnd> {
  const { day, manifest } = held
  const { retired = [] } = manifest
  if ((await isCrawled(ledger, day.dataset)) || (await isAnyShown(ledger, day, retired))) {
    return (await commit(ledger, held, {})) ? { kind: 'forgotten' } : SUPERSEDED
  }
  await deleteObjects(
    ledger.data,
    retired.flatMap(({ keys }) => keys),
  )
  return (await commit(ledger, held, { retired: [] })) ? FINISHED : SUPERSEDED
}

/**
 * True if the partition points to a folder with keys to delete. The reject files and sketches that a dropped ADD has
 * copied are recorded with the folder that readers see, but lie outside of it. Call it when no crawl runs and none can
 * begin: one that ended just before may have shown a folder again.
 */
async function isAnyShown(
  { data, catalog }: Ledger,
  { dataset, date }: DatasetDay,
  retired: readonly RetiredFolder[],
): Promise<boolean> {
  const shown = await partitionLocation(catalog, dataset, date)
  return retired.some(
    ({ prefix, keys }) =>
      isSameLocation(shown, s3Uri(data.name, prefix)) && keys.some((key) => key.startsWith(prefix)),
  )
}
