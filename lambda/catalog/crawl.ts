import type { Crawler } from '@aws-sdk/client-glue'
import type { DeployedDataset, Deployment } from '../../core/deployment.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { CrawlInput, CrawlOutput } from '../../core/messages.ts'
import { describeCrawler } from '../../aws/partitions.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { repairLocation } from '../ledger/catalog-switch.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { sweepOpenIntents, type SweptDay } from '../ledger/sweep.ts'
import { namingFailedDays } from '../name-failed-days.ts'
import { catalogGaps } from './missing-partitions.ts'
import { startCrawler } from './start-crawler.ts'

/** How often an execution starts one crawler before it gives up. A redrive counts anew. */
export const MAX_STARTS = 3
/** How often an execution looks: every 30 s, three hours. */
export const MAX_POLLS = 360
const TABLES_AT_ONCE = 4

export interface CrawlContext {
  readonly ledger: Ledger
  readonly deployment: Deployment
  readonly onSwept?: (day: SweptDay) => void
  readonly onStarted?: (dataset: string) => void
}

/**
 * Makes the catalog know every day that has files: looks at each table, starts its crawler where a partition is
 * missing, and is done when none is. A crawler that was running already is no answer, since it may have begun before
 * the files were there: it is waited for, then the catalog is looked at again.
 *
 * @throws DayfoldError CrawlFailed when a crawler that this execution started failed, or partitions stay missing
 */
export async function crawl(input: CrawlInput, context: CrawlContext): Promise<CrawlOutput> {
  return await namingFailedDays(input.failedDays, () => look(input, context))
}

async function look(input: CrawlInput, context: CrawlContext): Promise<CrawlOutput> {
  const { redriveCount = 0 } = input
  // A redrive is there to try again: what failed before it is no answer.
  const previous = input.previous?.redriveCount === redriveCount ? input.previous : undefined
  const started = { ...previous?.started }
  const polls = (previous?.polls ?? 0) + 1
  const { datasets } = context.deployment
  const states = await inParallel(
    datasets,
    (dataset) => lookAt(dataset, started[dataset.name] ?? 0, context),
    TABLES_AT_ONCE,
  )
  const failed = states.find((state) => state instanceof DayfoldError)
  if (failed) throw failed
  for (const [index, { name }] of datasets.entries()) {
    if (states[index] === 'started') started[name] = (started[name] ?? 0) + 1
  }
  const waitingFor = datasets.filter((_, index) => states[index] !== 'done').map((dataset) => dataset.name)
  if (waitingFor.length > 0 && polls >= MAX_POLLS) throw stillWaiting(waitingFor, polls)
  return { action: waitingFor.length > 0 ? 'wait' : 'done', redriveCount, started, waitingFor, polls }
}

type TableState = 'done' | 'waiting' | 'started' | DayfoldError

/** Takes a table one step further. A failure is returned, so that it does not keep other tables from being looked at. */
async function lookAt(dataset: DeployedDataset, starts: number, context: CrawlContext): Promise<TableState> {
  const { ledger, onSwept, onStarted } = context
  const { name, crawler } = dataset
  const { missing, astray } = await catalogGaps(ledger, name)
  for (const date of astray) await repairLocation(ledger, { dataset: name, date })
  if (missing.length === 0) return 'done'
  const description = await describeCrawler(ledger.catalog, crawler)
  if (description.State !== 'READY') return 'waiting'
  if (starts > 0) {
    const failure = failureOf(description, starts, missing)
    if (failure) return failure
  }
  for (const day of await sweepOpenIntents(ledger, name)) onSwept?.(day)
  const start = await startCrawler(ledger, name, crawler)
  if (start !== 'started') return 'waiting'
  onStarted?.(name)
  return 'started'
}

/** Why another start would not help, after those that this execution has made. */
function failureOf(crawler: Crawler, starts: number, missing: readonly string[]): DayfoldError | undefined {
  const last = crawler.LastCrawl
  if (last?.Status === 'FAILED') {
    const message = last.ErrorMessage ?? 'no message'
    return crawlFailed(
      `Crawler ${crawler.Name}: expected it to succeed, found that it failed: ${message}`,
      missing,
    )
  }
  if (starts < MAX_STARTS) return undefined
  return crawlFailed(
    `Crawler ${crawler.Name}: expected every day with files in the catalog after ${starts} runs, found ` +
      `${missing.length} missing: ${missing.slice(0, 10).join(', ')}. Look at its log`,
    missing,
  )
}

function stillWaiting(tables: readonly string[], polls: number): DayfoldError {
  const text = `Crawlers: expected them to end, found them unfinished after ${polls} looks: ${tables.join(', ')}`
  return crawlFailed(text, [])
}

function crawlFailed(text: string, missing: readonly string[]): DayfoldError {
  return new DayfoldError(
    'CrawlFailed',
    `${text}. Published days are safe; redrive this execution or start another.`,
    {
      context: { missing: missing.slice(0, 100) },
    },
  )
}
