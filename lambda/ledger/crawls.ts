import { describeCrawler } from '../../aws/partitions.ts'
import { isCrawlingFlagRaised } from './crawling-flag.ts'
import { isGraceOver, type Ledger } from './ledger.ts'

/**
 * True if the table's crawler is running or being started. Call it after you have announced your operation (the intent)
 * in the day's manifest: Crawl starts no crawler while it finds one that fills a day's ordinary folder or empties a
 * folder.
 */
export async function isCrawled(ledger: Ledger, table: string): Promise<boolean> {
  const crawler = ledger.crawlerOf(table)
  if (crawler === undefined) return false
  if (await isCrawlingFlagRaised(ledger, table)) return true
  return (await describeCrawler(ledger.catalog, crawler)).State !== 'READY'
}

/**
 * True if the table is being crawled, or its last crawl started within the grace (`queryGraceMinutes`): a crawler may
 * have pointed a partition back to a folder that a day had left.
 *
 * @param answeredAt milliseconds since 1970 at which S3 answered, by its clock
 */
export async function wasCrawled(ledger: Ledger, table: string, answeredAt: number): Promise<boolean> {
  if (await isCrawled(ledger, table)) return true
  const crawler = ledger.crawlerOf(table)
  const last = crawler && (await describeCrawler(ledger.catalog, crawler)).LastCrawl?.StartTime
  return last ? !isGraceOver(ledger, last.getTime(), answeredAt) : false
}
