import { StartCrawlerCommand } from '@aws-sdk/client-glue'
import { inParallel } from '../../aws/in-parallel.ts'
import { raiseCrawlingFlag } from '../ledger/crawling-flag.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readManifest } from '../ledger/manifest-store.ts'
import { listOpenDays, settleOpenEntry } from '../ledger/open-entries.ts'

export type CrawlerStart = 'started' | 'running' | 'blocked'

/**
 * Starts a table's crawler, unless files of the table are being replaced or are about to be. A crawler that ran
 * meanwhile could make a half replaced day visible, or point it back too early. A flag in S3 stands while the crawler
 * is being started: whoever is about to replace files writes its entry first and looks for the flag then.
 */
export async function startCrawler(ledger: Ledger, table: string, crawler: string): Promise<CrawlerStart> {
  const flag = await raiseCrawlingFlag(ledger, table)
  if (!flag) return 'running'
  try {
    if (await isBeingReplaced(ledger, table)) return 'blocked'
    await ledger.catalog.glue.send(new StartCrawlerCommand({ Name: crawler }))
    return 'started'
  } catch (error) {
    if (error instanceof Error && error.name === 'CrawlerRunningException') return 'running'
    throw error
  } finally {
    await flag.lower()
  }
}

async function isBeingReplaced(ledger: Ledger, table: string): Promise<boolean> {
  const days = await listOpenDays(ledger.data, table)
  const replaced = await inParallel(days, async (day) => {
    const state = await settleOpenEntry(ledger, day)
    if (state.kind !== 'open') return state.kind === 'opening'
    const { intent } = (await readManifest(ledger.data, day)).manifest
    return intent !== null && intent.kind !== 'extend'
  })
  return replaced.some(Boolean)
}
