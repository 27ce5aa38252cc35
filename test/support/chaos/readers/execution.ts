import { inParallel } from '../../../../aws/in-parallel.ts'
import type { Day } from '../../../../core/dates.ts'
import { itemsKey } from '../../../../core/layout.ts'
import type { DayItem, DayOutcome } from '../../../../core/messages.ts'
import { setCatalogRight } from '../../../../lambda/catalog/set-right.ts'
import { startCrawler } from '../../../../lambda/catalog/start-crawler.ts'
import { plan } from '../../../../lambda/planning/plan.ts'
import { runDay } from '../../lambda/run-day.ts'
import { CRAWLER, DEPLOYMENT, TABLE } from '../../lambda/dataset.ts'
import { fileOf, type Seconds, type World } from '../../lambda/world.ts'

export interface ExecutionOptions {
  readonly name: string
  readonly days: { readonly from: Day; readonly to: Day }
  /** ISO time that determines "today". */
  readonly at: string
  readonly seconds: Required<Seconds>
  /** Number of changes of state after which the functions of a day die. @default they live */
  readonly deaths?: ReadonlyMap<Day, number>
  /** True to start the crawler while the days are worked on. @default false */
  readonly crawls?: boolean
}

const DAYS_AT_ONCE = 3

/**
 * Runs an execution whose states are called as the state machine calls them. Returns the outcomes of the days whose
 * functions did not die.
 */
export async function execute(world: World, options: ExecutionOptions): Promise<DayOutcome[]> {
  const { name, at, days, seconds, deaths, crawls = false } = options
  const arn = `arn:execution:${name}`
  const { ledger } = world.process(`${name}-functions`, arn, seconds)
  await plan(
    { execution: { arn, name }, startedAt: at, input: days },
    { ledger, deployment: DEPLOYMENT, maxConcurrency: DAYS_AT_ONCE },
  )
  const items = JSON.parse(fileOf(world, itemsKey(name)).toString()) as DayItem[]
  if (crawls) await startCrawler(ledger, TABLE, CRAWLER)
  const outcomes = await inParallel(
    items,
    async ({ mode, ...day }) => {
      const execution = `${name}-${day.date}`
      const dies = deaths?.get(day.date)
      if (dies !== undefined) world.dieAfter(execution, dies)
      return await unlessDead(runDay(world, { day, mode, at, caller: execution, execution, ...seconds }))
    },
    DAYS_AT_ONCE,
  )
  await setCatalogRight(ledger, TABLE)
  return outcomes.flat()
}

/** Leaves a day whose functions have died to the next execution. */
async function unlessDead(work: Promise<DayOutcome>): Promise<DayOutcome[]> {
  try {
    return [await work]
  } catch (error) {
    if (/\bDead\b/.test(String(error))) return []
    throw error
  }
}
