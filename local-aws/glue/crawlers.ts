import type { Crawler, CrawlerTargets } from '@aws-sdk/client-glue'
import type { Clock } from '../clock.ts'
import type { Faults } from '../protocol/faults.ts'
import type { FileUse } from '../iam/access.ts'
import { readJsonFile, writeJsonFile, type DocumentKind } from '../home/json-file.ts'
import { homePaths } from '../home/paths.ts'
import { asAwsError, AwsError } from '../protocol/aws-error.ts'
import type { Complete } from '../protocol/shapes.ts'
import type { Catalog } from './catalog.ts'
import { crawlTable, type CrawlOptions } from './crawl.ts'
import { policyOf } from './crawl-policy.ts'

/** A crawler as the template declares it, in Glue's spelling. */
export interface CrawlerDeclaration extends Pick<
  Complete<Crawler>,
  'Role' | 'Description' | 'SchemaChangePolicy' | 'Configuration'
> {
  readonly Name: string
  readonly Targets: Complete<CrawlerTargets>
}

/** Outcome of the latest crawl that has ended. https://docs.aws.amazon.com/glue/latest/webapi/API_LastCrawlInfo.html */
interface LastCrawl {
  readonly Status: 'SUCCEEDED' | 'FAILED'
  readonly ErrorMessage?: string
  /** ISO time at which the crawl began. */
  readonly StartTime: string
}

const LAST_CRAWL: DocumentKind = {
  what: "how a crawler's newest crawl went",
  members: ['Status', 'StartTime'],
  remedy: 'Delete it: the crawler then has not run yet, and nothing else is lost.',
}

/**
 * The catalog and the files that a crawler reads and writes. With permissions, both refuse what the crawler's role does
 * not allow.
 */
export interface CrawlData {
  readonly catalog: Catalog
  /** Returns the path of an object's file, or of a prefix's folder. */
  readonly filePath: (bucket: string, key: string, use: FileUse) => string
}

/** Options of {@link openCrawlers}. Those not described here have the meaning that they have in `GlueOptions`. */
export interface CrawlersOptions extends CrawlData {
  /** Folder of all state, in which the outcome of each crawler's latest crawl is stored. */
  readonly home: string
  readonly crawlers: readonly CrawlerDeclaration[]
  readonly clock: Clock
  readonly dataFor?: ((crawler: CrawlerDeclaration, data: CrawlData) => CrawlData) | undefined
  readonly beforeCrawl?: ((crawler: string) => void | Promise<void>) | undefined
  readonly faults?: Faults | undefined
}

/** The crawlers of the local Glue. */
export interface Crawlers {
  /**
   * Starts a crawl; resolves as soon as it has begun.
   *
   * @throws AwsError EntityNotFoundException for an unknown crawler, CrawlerRunningException if its crawl is in
   * progress
   */
  start(name: string): Promise<void>
  /**
   * Returns a crawler with the state and the outcome of its latest crawl, as GetCrawler does.
   *
   * @throws AwsError EntityNotFoundException
   */
  get(name: string): Promise<Complete<Crawler>>
  /** Replaces the declared crawlers; crawls in progress continue. */
  deploy(crawlers: readonly CrawlerDeclaration[]): void
  /** Resolves when no crawl is in progress. */
  idle(): Promise<void>
  /**
   * Ends the waits that faults have put into crawls, and resolves when no crawl is in progress. Outcomes of such crawls
   * are not stored.
   */
  close(): Promise<void>
}

/**
 * Creates the crawlers of a database. Each runs one crawl at a time. The outcome of its latest crawl is stored in the
 * home; only this process knows that a crawl is in progress.
 */
export function openCrawlers(options: CrawlersOptions): Crawlers {
  const { home, catalog, clock } = options
  let { crawlers } = options
  const running = new Map<string, { readonly startedAt: Date; readonly done: Promise<void> }>()
  /** Outcomes of crawls that could not be written to disk. */
  const unsaved = new Map<string, LastCrawl>()
  const closing = new AbortController()
  const path = (name: string) => homePaths(home).crawler(catalog.database, name)

  function find(name: string): CrawlerDeclaration {
    const crawler = crawlers.find((candidate) => candidate.Name === name)
    if (!crawler)
      throw new AwsError('EntityNotFoundException', `Crawler entry with name ${name} does not exist`)
    return crawler
  }

  async function crawl(crawler: CrawlerDeclaration, startedAt: Date): Promise<void> {
    const StartTime = startedAt.toISOString()
    let last: LastCrawl
    try {
      await options.beforeCrawl?.(crawler.Name)
      const data = options.dataFor?.(crawler, options) ?? options
      for (const table of targetsOf(crawler, catalog.database))
        await crawlTable(crawlOptions(options, data, crawler, table, closing.signal))
      last = { Status: 'SUCCEEDED', StartTime }
    } catch (error) {
      last = {
        Status: 'FAILED',
        ErrorMessage: error instanceof Error ? error.message : String(error),
        StartTime,
      }
    }
    try {
      if (!closing.signal.aborted) await writeJsonFile(path(crawler.Name), last)
      unsaved.delete(crawler.Name)
    } catch (error) {
      const ErrorMessage = asAwsError(error).message
      unsaved.set(crawler.Name, { Status: 'FAILED', ErrorMessage, StartTime })
    } finally {
      running.delete(crawler.Name)
    }
  }

  const idle = async () => void (await Promise.all([...running.values()].map(({ done }) => done)))

  return {
    start(name) {
      const crawler = find(name)
      if (running.has(name)) {
        throw new AwsError('CrawlerRunningException', `Crawler with name ${name} has already started`)
      }
      const startedAt = new Date(clock.now())
      running.set(name, { startedAt, done: crawl(crawler, startedAt) })
      return Promise.resolve()
    },
    async get(name) {
      const { Role, Targets, Description, SchemaChangePolicy, Configuration } = find(name)
      const current = running.get(name)
      const last = unsaved.get(name) ?? (await readJsonFile<LastCrawl>(path(name), LAST_CRAWL))
      return {
        Name: name,
        Role,
        Targets,
        Description,
        SchemaChangePolicy,
        Configuration,
        State: current ? 'RUNNING' : 'READY',
        CrawlElapsedTime: current ? clock.now() - current.startedAt.getTime() : 0,
        LastCrawl: last && { ...last, StartTime: new Date(last.StartTime) },
      }
    },
    deploy(changed) {
      crawlers = changed
    },
    idle,
    close() {
      closing.abort()
      return idle()
    },
  }
}

function crawlOptions(
  { clock, faults }: CrawlersOptions,
  { catalog, filePath }: CrawlData,
  crawler: CrawlerDeclaration,
  table: string,
  signal: AbortSignal,
): CrawlOptions {
  return {
    catalog,
    table,
    filePath,
    policy: policyOf(crawler),
    async beforeWriting() {
      const fault = faults?.step?.({ name: 'write-crawl', key: table }) ?? {}
      await clock.sleep(fault.waitMilliseconds ?? 0, signal)
      return fault
    },
    wrote: async (operation, values) =>
      faults?.wrote({
        service: 'glue',
        operation,
        key: [table, ...values].join('/'),
        caller: { accessKeyId: 'crawler' },
      }),
  }
}

function targetsOf(crawler: CrawlerDeclaration, database: string): string[] {
  const { CatalogTargets = [], ...others } = crawler.Targets
  const foreign = CatalogTargets.find(({ DatabaseName }) => DatabaseName !== database)
  const unknown = Object.entries(others).find(([, targets]) => Array.isArray(targets) && targets.length > 0)
  if (foreign ?? unknown) {
    throw new Error(`Crawler ${crawler.Name}: only catalog targets in database ${database} are crawled here.`)
  }
  return CatalogTargets.flatMap(({ Tables = [] }) => Tables)
}
