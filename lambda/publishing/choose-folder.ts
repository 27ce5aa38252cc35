import { listObjects } from '../../aws/list-objects.ts'
import { locationOf, partitionPrefix, replacementPrefix } from '../../core/layout.ts'
import type { Manifest } from '../../core/manifest.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import { isCrawled } from '../ledger/crawls.ts'
import type { Ledger } from '../ledger/ledger.ts'

/**
 * Returns the prefix of the folder that a generation is copied to: the day's home if it is empty, neither shown nor
 * retired, and not crawled; otherwise a folder of its own.
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
