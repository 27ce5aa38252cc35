import { CopyObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { rawDayPrefix, summaryKey } from '../../../../core/layout.ts'
import type { Mode } from '../../../../core/modes.ts'
import type { Functions } from '../load-functions.ts'
import type { Stage } from '../performance.ts'
import { contextOf, dayInput, executionOf } from './context.ts'
import { runJob } from './job.ts'
import { DATASET, TABLE } from '../../lambda/dataset.ts'
import { DAYS } from './table.ts'
import { GRACE_SECONDS, QUICK, timePasses } from './time.ts'

/** Acts that prepare the state before anything is explored. */
export interface Hands {
  putRaw(file: string, day?: string): Promise<void>
  /** Plans a day and does its job. Returns the work order, which is not published. */
  order(execution: string, mode: Mode, day?: string): Promise<string>
  /** Does the same and publishes the order. */
  publish(execution: string, mode: Mode, day?: string): Promise<void>
  /** PublishDay for an order, by a function that dies when its intent is open and nothing else has been done. */
  openIntent(execution: string, workOrder: string): Promise<void>
  /** PlanDay moving the day home, once every grace is over, by a function that dies when one of the parts is copied. */
  goHalfHome(execution: string): Promise<void>
  /** Notes that the execution of Crawl has published a new day. */
  announceNewDay(): Promise<void>
}

export function handsOn(stage: Stage, functions: Functions): Hands {
  const data = { s3: stage.s3, name: 'data' }
  const now = '2024-01-10T00:00:00Z'

  async function order(execution: string, mode: Mode, day: string = DAYS[0]): Promise<string> {
    const planned = await functions.planDay(
      dayInput(execution, mode, day),
      contextOf(stage, execution, QUICK, now),
    )
    if (planned.action !== 'process')
      throw new Error(`${execution}: expected work, found: ${planned.outcome.why}`)
    await runJob(data, planned.workOrder, execution)
    return planned.workOrder
  }

  return {
    order,
    async putRaw(file, day = DAYS[0]) {
      const Key = `${rawDayPrefix(DATASET, day)}${file}.jsonl`
      await stage.s3.send(new PutObjectCommand({ Bucket: 'raw', Key, Body: file }))
    },
    async publish(execution, mode, day = DAYS[0]) {
      const input = { ...dayInput(execution, mode, day), workOrder: await order(execution, mode, day) }
      const { won } = await functions.publishDay(input, contextOf(stage, execution, QUICK, now))
      if (!won) throw new Error(`${execution}: expected it to win.`)
    },
    async openIntent(execution, workOrder) {
      const context = contextOf({ ...stage, s3: dyingBeforeCopy(1, stage.s3) }, execution, QUICK, now)
      await died(functions.publishDay({ ...dayInput(execution, 'changed'), workOrder }, context))
    },
    async goHalfHome(execution) {
      await stage.call(timePasses(GRACE_SECONDS + 1))
      const context = contextOf({ ...stage, s3: dyingBeforeCopy(2, stage.s3) }, execution, QUICK, now)
      await died(functions.planDay(dayInput(execution, 'tend'), context))
    },
    async announceNewDay() {
      const day = { dataset: TABLE, date: DAYS[0], status: 'published', why: 'new day', newDay: true }
      const request = { execution: executionOf('crawl'), dryRun: false, mode: 'changed', counts: {} }
      const place = { Bucket: 'data', Key: summaryKey('crawl') }
      await stage.s3.send(
        new PutObjectCommand({ ...place, Body: JSON.stringify({ ...request, days: [day] }) }),
      )
    },
  }
}

const DIED = new Error('died')

async function died(call: Promise<unknown>): Promise<void> {
  const end = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  )
  if (end !== DIED) throw new Error(`A function: expected it to die, found ${String(end)}.`)
}

/** Returns a client whose caller dies instead of making this many copies. */
function dyingBeforeCopy(copies: number, s3: Stage['s3']): Stage['s3'] {
  let left = copies
  const send = (command: Parameters<typeof s3.send>[0]): Promise<unknown> => {
    if (command instanceof CopyObjectCommand) left -= 1
    return left > 0 ? s3.send(command) : Promise.reject(DIED)
  }
  return Object.assign(Object.create(s3) as Stage['s3'], { send })
}
