import { StartCrawlerCommand } from '@aws-sdk/client-glue'
import { inParallel } from '../../aws/in-parallel.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { locationOf, partitionPrefix } from '../../core/layout.ts'
import { listAwayDays } from '../ledger/away-entries.ts'
import { raiseCrawlingFlag } from '../ledger/crawling-flag.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { readManifest } from '../ledger/manifest-store.ts'
import { listOpenDays, reconcileOpenEntry } from '../ledger/open-entries.ts'

/**
 * Result of {@link startCrawler}. `running`: the crawler runs already, or another function is starting it. `put-off`:
 * not started, because a folder of the table is being filled or emptied; a later run may start it, as no day needs a
 * crawl to be visible.
 */
export type CrawlerStart = 'started' | 'running' | 'put-off'

/**
 * Starts a table's crawler, unless the ordinary folder of a day is being filled or a folder of the table is being
 * emptied: a crawler that finds a half-filled folder may show it. A flag in S3 (`state/_crawling/<table>`) exists while
 * the crawler is being started. Whoever fills such a folder or empties one first notes an intent in the day's manifest
 * and then looks for the flag, so that one of the two always sees the other.
 */
export async function startCrawler(ledger: Ledger, table: string, crawler: string): Promise<CrawlerStart> {
  const flag = await raiseCrawlingFlag(ledger, table)
  if (!flag) return 'running'
  try {
    if (await isBeingFilledOrEmptied(ledger, table)) return 'put-off'
    // In this order: an intent that leaves a home half filled records that before it ends.
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

/** True if the home of a day holds the remains of a way home that was put off. */
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
