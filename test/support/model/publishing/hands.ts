import { PutObjectCommand } from '@aws-sdk/client-s3'
import { rawDayPrefix, summaryKey } from '../../../../core/layout.ts'
import type { Mode } from '../../../../core/modes.ts'
import type { Functions } from '../load-functions.ts'
import type { Stage } from '../performance.ts'
import { contextOf, dayInput, executionOf } from './context.ts'
import { runJob } from './job.ts'
import { DATASET, DAYS, TABLE } from './table.ts'
import { QUICK } from './time.ts'

/** Bring about what has happened before anything is explored. */
export interface Hands {
  putRaw(file: string, day?: string): Promise<void>
  /** Plans a day and does its job. Gives the work order, which nobody has published. */
  order(execution: string, mode: Mode, day?: string): Promise<string>
  /** The same, published. */
  publish(execution: string, mode: Mode, day?: string): Promise<void>
  /** PublishDay for an order, by a function that dies when its intent is open and nothing else has been done. */
  openIntent(execution: string, workOrder: string): Promise<void>
  /** Says of the execution of Crawl that it has published a new day. */
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
      const Key = `${rawDayPrefix(DATASET.rawPrefix, day)}${file}.jsonl`
      await stage.s3.send(new PutObjectCommand({ Bucket: 'raw', Key, Body: file }))
    },
    async publish(execution, mode, day = DAYS[0]) {
      const input = { ...dayInput(execution, mode, day), workOrder: await order(execution, mode, day) }
      const { won } = await functions.publishDay(input, contextOf(stage, execution, QUICK, now))
      if (!won) throw new Error(`${execution}: expected it to win.`)
    },
    async openIntent(execution, workOrder) {
      const context = contextOf(
        { ...stage, s3: dyingBefore('CopyObjectCommand', stage.s3) },
        execution,
        QUICK,
        now,
      )
      const publishing = functions.publishDay({ ...dayInput(execution, 'changed'), workOrder }, context)
      await publishing.then(
        () => Promise.reject(new Error(`${execution}: expected it to die, found that it published.`)),
        (error: unknown) => {
          if (error !== DIED) throw error
        },
      )
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

/** A client whose caller dies instead of sending a command of that name. */
function dyingBefore(name: string, s3: Stage['s3']): Stage['s3'] {
  const send = (command: object): Promise<unknown> =>
    command.constructor.name === name
      ? Promise.reject(DIED)
      : s3.send(command as Parameters<typeof s3.send>[0])
  return Object.assign(Object.create(s3) as Stage['s3'], { send })
}
