import { openWorld, type World } from '../../lambda/world.ts'
import { randomFaults, randomWaits, type StepSource } from '@dayfold/local-aws/faults'
import { openPace, type Pace } from './pace.ts'
import { lateAthena, type LateAthena } from './queries.ts'
import { DATES } from './schedule.ts'
import { observe, type Observer } from './shown.ts'

/** Longest time in seconds that a query waits before it lists a folder, and again before it opens the files. */
const LATEST_SECONDS = 150
/** Grace for queries in seconds: longer than any of them waits. */
export const GRACE_SECONDS = 2 * DATES.length * LATEST_SECONDS + 600
/** Percentage of the steps of time in which a query is asked. */
const ASKED_PERCENT = 60
/** Pauses after changes of state that queries can see, and after others: their percentage and longest duration. */
const SEEN = { operations: /^(CopyObject|Delete|UpdatePartition)/, percent: 60, seconds: 60 }
const UNSEEN = { percent: 20, seconds: 15 }
/** Delays of copies and switches, in milliseconds, so that concurrent requests take effect one by one. */
const DELAYS = [10, 60, 200].map((milliseconds) => ({ kind: 'delay', milliseconds }) as const)
const DELAYED = ['CopyObject', 'UpdatePartition']
const DELAYED_SHARE = 0.6
/** Most seconds between a crawler's finding and its writing. */
const LATEST_CRAWL_SECONDS = 400

/** A world with a late Athena, in which time passes while functions work. */
export interface Session {
  readonly world: World
  readonly observer: Observer
  readonly pace: Pace
  readonly athena: Pick<LateAthena, 'answers'>
  /** Asks this many queries, spread over the time that passes. */
  readonly ask: (queries: number) => void
  readonly close: () => Promise<void>
}

/**
 * Opens a session.
 *
 * @param below returns a random whole number below its argument
 */
export async function openSession(seed: string, below: (limit: number) => number): Promise<Session> {
  let questions = 0
  const pace = openPace({
    beforeStep() {
      if (questions === 0 || below(100) >= ASKED_PERCENT) return
      questions -= 1
      athena.ask(world)
    },
    running: () => athena.running,
    isOver: () => athena.running + questions === 0,
  })
  const athena = lateAthena({ clock: pace.queryClock, seed, latestSeconds: LATEST_SECONDS })
  const { world, close } = await openWorld({
    clock: pace.clock,
    source: randomFaults({
      seed,
      rate: DELAYED_SHARE,
      faults: DELAYS,
      where: ({ operation }) => DELAYED.includes(operation),
    }),
    steps: wrongCrawls(seed),
    services: (services) => [athena.service(services)],
  })
  const observer = observe(world, () => pace.clock.now())
  world.afterWrite = async (call) => {
    await observer.wrote(call)
    const { percent, seconds } = SEEN.operations.test(call.operation) ? SEEN : UNSEEN
    if (below(100) < percent) await pace.pass(1 + below(seconds))
  }
  return {
    world,
    observer,
    pace,
    athena,
    ask: (queries) => void (questions += queries),
    async close() {
      await athena.close()
      await close()
    },
  }
}

/** Makes two of three crawls set Locations back to the folders that they found. */
function wrongCrawls(seed: string): StepSource {
  const waits = randomWaits({ seed, mostMilliseconds: LATEST_CRAWL_SECONDS * 1000 })
  let crawls = 0
  return (step) => ({ ...waits(step), setsLocations: ++crawls % 3 !== 0 })
}
