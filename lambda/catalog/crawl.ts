import { describeCrawler } from '../../aws/partitions.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { readDocument } from '../../aws/objects.ts'
import type { DeployedDataset, Deployment } from '../../core/deployment.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError, errorToData } from '../../core/errors.ts'
import { summaryKey } from '../../core/layout.ts'
import type { CrawlInput, CrawlOutput } from '../../core/messages.ts'
import { decodeSummary } from '../../core/run-documents.ts'
import { removeLeftFlags } from '../ledger/crawling-flag.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { namingFailedDays } from '../name-failed-days.ts'
import { setCatalogRight, type CatalogRepairs } from './set-right.ts'
import { startCrawler } from './start-crawler.ts'

/** Maximum number of looks at running crawlers before Crawl stops waiting: one look every 30 s, so for an hour. */
export const MAX_POLLS = 120
const TABLES_AT_ONCE = 4
/** Maximum number of characters of a warning. */
const MAX_WARNING_LENGTH = 300

/** Clients, datasets and callbacks of {@link crawl}. */
export interface CrawlContext {
  readonly ledger: Ledger
  readonly deployment: Deployment
  /**
   * Called once per dataset, after its partitions were compared with the manifests, even if none had to be repaired.
   */
  readonly onRepaired?: (dataset: string, repairs: CatalogRepairs) => void
  /** Called with each table whose crawler was started. */
  readonly onStarted?: (dataset: string) => void
}

/**
 * Work of one call of the state Crawl, which calls it again while it answers `wait`. The first call of an execution
 * compares all partitions with the manifests, removes flags of dead functions and starts the crawlers of tables that got
 * a new day; later calls look at these crawlers. A crawl that fails, is put off or does not end is only a warning: published days are in the catalog
 * without it.
 */
export async function crawl(input: CrawlInput, context: CrawlContext): Promise<CrawlOutput> {
  return await namingFailedDays(input.failedDays, () => look(input, context))
}

async function look(input: CrawlInput, context: CrawlContext): Promise<CrawlOutput> {
  const { redriveCount = 0 } = input
  // A redrive starts afresh: ignore answers from before it.
  const previous = input.previous?.redriveCount === redriveCount ? input.previous : undefined
  const begun = previous ?? (await begin(input, context))
  const states = await inParallel(begun.waitingFor, (table) => ended(table, context), TABLES_AT_ONCE)
  const waiting = begun.waitingFor.filter((_, index) => states[index] === 'running')
  const failures = states.filter((state) => state !== 'running' && state !== 'ended')
  const polls = (previous?.polls ?? 0) + 1
  const isLate = waiting.length > 0 && polls >= MAX_POLLS
  const late = isLate ? [`Crawlers are still running after ${polls} looks: ${waiting.join(', ')}`] : []
  return {
    action: waiting.length > 0 && !isLate ? 'wait' : 'done',
    redriveCount,
    waitingFor: waiting,
    polls,
    warnings: [...begun.warnings, ...failures, ...late],
  }
}

type Begun = Pick<CrawlOutput, 'waitingFor' | 'warnings'>

async function begin({ execution }: CrawlInput, context: CrawlContext): Promise<Begun> {
  const { ledger, deployment, onRepaired } = context
  const summary = await orCorrupt(() => readDocument(ledger.data, summaryKey(execution.name), decodeSummary))
  // Without a summary no crawler is started, and nothing is missing: days are in the catalog without a crawl.
  const days = !summary || summary instanceof DayfoldError ? [] : summary.days
  await removeLeftFlags(ledger)
  const withNewDays = new Set(days.filter(({ newDay }) => newDay).map(({ dataset }) => dataset))
  const begun = await inParallel(
    deployment.datasets,
    async (dataset): Promise<Begun> => {
      const repairs = await setCatalogRight(ledger, dataset.name)
      onRepaired?.(dataset.name, repairs)
      return withNewDays.has(dataset.name) ? await start(dataset, context) : NOTHING
    },
    TABLES_AT_ONCE,
  )
  const unread = summary instanceof DayfoldError ? [summary.message.slice(0, MAX_WARNING_LENGTH)] : []
  return {
    waitingFor: begun.flatMap(({ waitingFor }) => waitingFor),
    warnings: [...unread, ...begun.flatMap(({ warnings }) => warnings)],
  }
}

const NOTHING: Begun = { waitingFor: [], warnings: [] }

async function start(
  { name, crawler }: DeployedDataset,
  { ledger, ...context }: CrawlContext,
): Promise<Begun> {
  if (crawler === undefined) return NOTHING
  try {
    const started = await startCrawler(ledger, name, crawler)
    if (started === 'started') context.onStarted?.(name)
    return started === 'started' ? { waitingFor: [name], warnings: [] } : NOTHING
  } catch (error) {
    return { waitingFor: [], warnings: [warning(name, errorToData(error).message)] }
  }
}

/** Tells how the crawl that this execution started stands: `running`, `ended`, or a warning if it failed. */
async function ended(table: string, { ledger }: CrawlContext): Promise<string> {
  const { State, LastCrawl } = await describeCrawler(ledger.catalog, ledger.crawlerOf(table)!)
  if (State !== 'READY') return 'running'
  if (LastCrawl?.Status !== 'FAILED') return 'ended'
  return warning(table, LastCrawl.ErrorMessage ?? 'no message')
}

const warning = (table: string, text: string) => `Crawler of ${table}: ${text}`.slice(0, MAX_WARNING_LENGTH)
