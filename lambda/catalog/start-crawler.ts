import { StartCrawlerCommand } from '@aws-sdk/client-glue'
import { inParallel } from '../../aws/in-parallel.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { locationOf, partitionPrefix } from '../../core/layout.ts'
import { listAwayDays } from '../ledger/away-entries.ts'
import { raiseCrawlingFlag } from '../ledger/crawling-flag.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readManifest } from '../ledger/manifest-store.ts'
import { listOpenDays, reconcileOpenEntry } from '../ledger/open-entries.ts'

/** `put-off`: a day of the table goes home or is being swept, and nothing waits for a crawl. */
export type CrawlerStart = 'started' | 'running' | 'put-off'

/**
 * Starts a table's crawler, unless a day of the table goes home, or a folder of one is being emptied: a crawler that
 * finds such a folder half filled may show it. A flag in S3 stands while the crawler is being started; whoever fills a
 * home or empties a folder opens an intent first and looks for the flag then.
 */
export async function startCrawler(ledger: Ledger, table: string, crawler: string): Promise<CrawlerStart> {
  const flag = await raiseCrawlingFlag(ledger, table)
  if (!flag) return 'running'
  try {
    if (await isBeingFilledOrEmptied(ledger, table)) return 'put-off'
    // Asked in this order: what an intent leaves half filled is told before the intent is ended.
    if (await isLeftHalfFilled(ledger, table)) return 'put-off'
    await ledger.catalog.glue.send(new StartCrawlerCommand({ Name: crawler }))
    return 'started'
  } catch (error) {
    if (error instanceof Error && error.name === 'CrawlerRunningException') return 'running'
    throw error
  } finally {
    await flag.lower()
  }
}

async function isBeingFilledOrEmptied(ledger: Ledger, table: string): Promise<boolean> {
  const days = await listOpenDays(ledger.data, table)
  const busy = await inParallel(days, async (day) => {
    const state = await reconcileOpenEntry(ledger, day)
    if (state.kind !== 'open') return state.kind === 'opening'
    return isExclusive(day, (await readManifest(ledger.data, day)).manifest.intent)
  })
  return busy.some(Boolean)
}

/** Whether the home of a day holds what is left of a way home that was put off. */
async function isLeftHalfFilled(ledger: Ledger, table: string): Promise<boolean> {
  const days = await listAwayDays(ledger.data, table)
  const left = await inParallel(days, async (day) => {
    const { retired = [] } = (await readManifest(ledger.data, day)).manifest
    return retired.some(
      ({ prefix, isPartial }) => isPartial && prefix === partitionPrefix(day.dataset, day.date),
    )
  })
  return left.some(Boolean)
}

type OpenIntent = Awaited<ReturnType<typeof readManifest>>['manifest']['intent']

function isExclusive({ dataset, date }: DatasetDay, intent: OpenIntent): boolean {
  if (intent?.operation === 'move') return locationOf(intent.next) === partitionPrefix(dataset, date)
  return intent?.operation === 'retire' || intent?.operation === 'former'
}
