import { openWorld, type World } from '../../lambda/world.ts'
import { randomFaults, randomWaits, type StepSource } from '@dayfold/local-aws/faults'
import { openPace, type Pace } from './pace.ts'
import { lateAthena, type LateAthena } from './queries.ts'
import { DATES } from './schedule.ts'
import { observe, type Observer } from './shown.ts'

/** Seconds that a query waits at most before it lists a folder, and again before it opens what it has listed. */
const LATEST_SECONDS = 150
/** How long queries have: longer than any waits. */
export const GRACE_SECONDS = 2 * DATES.length * LATEST_SECONDS + 600
/** Percent of the steps of time in which a query is asked. */
const ASKED_PERCENT = 60
/** Changes of state that queries see, and the others: after how many in a hundred how many seconds pass, at most. */
const SEEN = { operations: /^(CopyObject|Delete|UpdatePartition)/, percent: 60, seconds: 60 }
const UNSEEN = { percent: 20, seconds: 15 }
/** How late copies and switches are, in milliseconds: what is sent at once comes one by one. */
const DELAYS = [10, 60, 200].map((milliseconds) => ({ kind: 'delay', milliseconds }) as const)
const DELAYED = ['CopyObject', 'UpdatePartition']
const DELAYED_SHARE = 0.6
/** Seconds between what a crawler finds and what it writes, at most. */
const LATEST_CRAWL_SECONDS = 400

/** A world with an Athena that is late, in which time passes while functions work. */
export interface Session {
  readonly world: World
  readonly observer: Observer
  readonly pace: Pace
  readonly athena: Pick<LateAthena, 'answers'>
  /** So many queries are to be asked, one now and then as time passes. */
  readonly ask: (queries: number) => void
  readonly close: () => Promise<void>
}

/** @param below chance */
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

/** Two of three crawls set Locations back to the folders that they found. */
function wrongCrawls(seed: string): StepSource {
  const waits = randomWaits({ seed, mostMilliseconds: LATEST_CRAWL_SECONDS * 1000 })
  let crawls = 0
  return (step) => ({ ...waits(step), setsLocations: ++crawls % 3 !== 0 })
}
