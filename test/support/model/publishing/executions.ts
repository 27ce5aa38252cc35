import type { Functions } from '../load-functions.ts'
import type { Stage } from '../performance.ts'
import type { Actor } from '../scenario.ts'
import { contextOf, dayInput, executionOf } from './context.ts'
import { DEPLOYMENT } from '../../lambda/dataset.ts'
import { QUICK, type Pace } from './time.ts'

type Context = ReturnType<typeof contextOf>

/** Returns actors that invoke the product's functions, as the state machine does. */
export function executionsWith(functions: Functions, pace: Pace = QUICK) {
  /** Returns a program that invokes one function, for an execution. */
  const invoking =
    (name: string, execution: string, work: (context: Context) => Promise<unknown>) => (stage: Stage) =>
      stage.invoke(name, pace.functionSeconds, (now) => work(contextOf(stage, execution, pace, now)))

  const actor = (name: string, programs: Actor['programs']): Actor => ({ name, mayCrash: true, programs })

  return {
    /** PublishDay for an order whose job has ended. */
    publish: (name: string, workOrder: string): Actor => {
      const input = { ...dayInput(name, 'changed'), workOrder }
      return actor(name, [invoking('PublishDay', name, (context) => functions.publishDay(input, context))])
    },

    /** Plan's work on publishes that earlier executions have left open. */
    sweep: (): Actor =>
      actor('sweep', [invoking('Plan', 'sweep', ({ ledger }) => functions.sweepOpenIntents(ledger))]),

    /** PlanDay of several executions in a row, which only move the day closer to its home. */
    tend: (executions: number): Actor => {
      const names = Array.from({ length: executions }, (_, number) => `tend-${number + 1}`)
      const planDay = (name: string) => (context: Context) =>
        functions.planDay(dayInput(name, 'tend'), context)
      return actor(
        'tend',
        names.map((name) => invoking('PlanDay', name, planDay(name))),
      )
    },

    /** Crawl of an execution that has published a new day. */
    crawl: (): Actor => {
      const input = { execution: executionOf('crawl') }
      const crawl = ({ ledger }: Context) => functions.crawl(input, { ledger, deployment: DEPLOYMENT })
      return actor('crawl', [invoking('Crawl', 'crawl', crawl)])
    },
  }
}
