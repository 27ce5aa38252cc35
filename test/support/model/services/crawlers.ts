import {
  GetCrawlerCommand,
  StartCrawlerCommand,
  type Crawler,
  type GetCrawlerCommandInput,
  type StartCrawlerCommandInput,
} from '@aws-sdk/client-glue'
import { CLOCK, type Answer, type Call, type World } from './call.ts'
import { cellOf } from './cells.ts'
import { call, done, missing, refused } from './glue-answers.ts'

/** A crawler as GetCrawler returns it, and the time at which its crawl began. */
interface Crawling {
  readonly crawler: Crawler
  /** Seconds since 1970. */
  readonly startedAt: number
}

/** Returns the name of the cell that holds a crawler. */
export const crawlerCell = (name: string) => `crawler/${name}`

/** True if a crawl is running. */
export const isRunning = ({ cells }: World, name: string): boolean =>
  cells.get<Crawling>(crawlerCell(name))?.value.crawler.State === 'RUNNING'

/** Returns the calls of commands about crawlers, one row per command. */
export function crawlerOperations(names: readonly string[]) {
  const find = (world: World, Name: string): Crawling | undefined => {
    const known = world.cells.get<Crawling>(crawlerCell(Name))?.value
    return known ?? (names.includes(Name) ? { crawler: { Name, State: 'READY' }, startedAt: 0 } : undefined)
  }

  function getCrawler({ Name }: GetCrawlerCommandInput): Call {
    return call('GetCrawler', Name!, { reads: [crawlerCell(Name!)] }, (world) => {
      const found = find(world, Name!)
      if (!found) return missing(world)
      const { crawler } = found
      return { ...done(world, JSON.stringify(crawler), { Crawler: crawler }), words: crawler.State! }
    })
  }

  function startCrawler({ Name }: StartCrawlerCommandInput): Call {
    const cell = crawlerCell(Name!)
    return call('StartCrawler', Name!, { reads: [cell, CLOCK], writes: [cell] }, (world): Answer => {
      const found = find(world, Name!)
      if (!found) return missing(world)
      if (found.crawler.State !== 'READY') return refused(world, 'CrawlerRunningException')
      const crawler = { ...found.crawler, State: 'RUNNING' as const }
      return done(withCrawling(world, { crawler, startedAt: world.now }), 'started', {})
    })
  }

  return [
    [GetCrawlerCommand, getCrawler],
    [StartCrawlerCommand, startCrawler],
  ] as [unknown, (input: never) => Call][]
}

/** Returns the end of a crawl, a call that Glue itself makes. */
export function endOfCrawl(name: string): Call {
  const cell = crawlerCell(name)
  return call('end of crawl', name, { reads: [cell], writes: [cell] }, (world) => {
    const { startedAt } = world.cells.get<Crawling>(cell)!.value
    const LastCrawl = { Status: 'SUCCEEDED' as const, StartTime: new Date(startedAt * 1000) }
    return done(
      withCrawling(world, { crawler: { Name: name, State: 'READY', LastCrawl }, startedAt }),
      'ended',
      {},
    )
  })
}

function withCrawling(world: World, crawling: Crawling): World {
  const cell = cellOf(crawlerCell(crawling.crawler.Name!), JSON.stringify(crawling), crawling)
  return { ...world, cells: world.cells.with(cell) }
}
