import { listObjects } from '../../aws/list-objects.ts'
import { locationOf, partitionPrefix, replacementPrefix } from '../../core/layout.ts'
import type { Manifest } from '../../core/manifest.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import { isCrawled } from '../ledger/crawls.ts'
import type { Ledger } from '../ledger/ledger.ts'

/**
 * Chooses the folder that the parts of a MOVE are copied to, and returns its prefix: the day's ordinary folder if it is
 * empty, not the published one, has no replaced files left to delete, and the table is not crawled. Otherwise a new
 * folder below `replacements/`.
 */
export async function folderFor(
  ledger: Ledger,
  { dataset, date, generation, attempt }: WorkOrder,
  { published, retired = [] }: Manifest,
): Promise<string> {
  const home = partitionPrefix(dataset, date)
  const away = replacementPrefix(dataset, date, generation, attempt)
  if (published && locationOf(published) === home) return away
  if (retired.some(({ prefix }) => prefix === home)) return away
  for await (const _ of listObjects(ledger.data, home)) return away
  return (await isCrawled(ledger, dataset)) ? away : home
}
