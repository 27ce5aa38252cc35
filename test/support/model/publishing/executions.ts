import type { Functions } from '../load-functions.ts'
import type { Stage } from '../performance.ts'
import type { Actor } from '../scenario.ts'
import { contextOf, dayInput, executionOf } from './context.ts'
import { DEPLOYMENT } from './table.ts'
import { QUICK, type Pace } from './time.ts'

type Context = ReturnType<typeof contextOf>

/** Actors that invoke the product's functions. */
interface Executions {
  /** PublishDay for an order whose job has ended. */
  readonly publish: (name: string, workOrder: string) => Actor
  /** What Plan does with what earlier executions have left open. */
  readonly sweep: () => Actor
  /** PlanDay of executions, one after the other, that do no more than take the day closer to its home. */
  readonly tend: (executions: number) => Actor
  /** Crawl of an execution that has published a new day. */
  readonly crawl: () => Actor
}

/** Actors that invoke the product's functions, as the state machine does. */
export function executionsWith(functions: Functions, pace: Pace = QUICK): Executions {
  /** A program that invokes one function, for an execution. */
  const invoking =
    (name: string, execution: string, work: (context: Context) => Promise<unknown>) => (stage: Stage) =>
      stage.invoke(name, pace.functionSeconds, (now) => work(contextOf(stage, execution, pace, now)))

  return {
    publish(name: string, workOrder: string): Actor {
      const input = { ...dayInput(name, 'changed'), workOrder }
      const program = invoking('PublishDay', name, (context) => functions.publishDay(input, context))
      return { name, mayCrash: true, programs: [program] }
    },

    sweep(): Actor {
      const program = invoking('Plan', 'sweep', ({ ledger }) => functions.sweepOpenIntents(ledger))
      return { name: 'sweep', mayCrash: true, programs: [program] }
    },

    tend(executions: number): Actor {
      const programs = Array.from({ length: executions }, (_, number) => {
        const name = `tend-${number + 1}`
        return invoking('PlanDay', name, (context) => functions.planDay(dayInput(name, 'tend'), context))
      })
      return { name: 'tend', mayCrash: true, programs }
    },

    crawl(): Actor {
      const input = { execution: executionOf('crawl') }
      const program = invoking('Crawl', 'crawl', ({ ledger }) =>
        functions.crawl(input, { ledger, deployment: DEPLOYMENT }),
      )
      return { name: 'crawl', mayCrash: true, programs: [program] }
    },
  }
}
