import { setTimeout as sleep } from 'node:timers/promises'
import { DayfoldError } from '../../core/errors.ts'
import { describeCrawler } from '../../aws/partitions.ts'
import { isCrawlingFlagRaised } from '../ledger/crawling-flag.ts'
import type { Ledger } from '../ledger/ledger.ts'

export interface CrawlerIdleOptions {
  /** @default 5000 */
  readonly pollMilliseconds?: number
  /** @default 40, a bit over three minutes */
  readonly polls?: number
}

/**
 * Waits until the table's crawler is not running and not being started. The caller has its entry in `state/_open/`,
 * and no crawler is started while there is one that may replace files: whichever of the two wrote first, the other
 * sees it.
 *
 * @throws DayfoldError CatalogBusy when the crawler runs on
 */
export async function waitForIdleCrawler(
  ledger: Ledger,
  table: string,
  crawler: string,
  { pollMilliseconds = 5000, polls = 40 }: CrawlerIdleOptions = {},
): Promise<void> {
  for (let poll = 1; poll <= polls; poll++) {
    if (await isIdle(ledger, table, crawler)) return
    await sleep(pollMilliseconds)
  }
  throw new DayfoldError(
    'CatalogBusy',
    `Crawler ${crawler}: expected it to end before files of ${table} are replaced, found it running on. ` +
      'Publish again once it has ended.',
    { context: { table, crawler } },
  )
}

async function isIdle(ledger: Ledger, table: string, crawler: string): Promise<boolean> {
  if (await isCrawlingFlagRaised(ledger, table)) return false
  return (await describeCrawler(ledger.catalog, crawler)).State === 'READY'
}
