import type { PlanDayInput } from '../../../../core/messages.ts'
import type { Stage } from '../performance.ts'
import { CRAWLER, DATASET, TABLE } from '../../lambda/dataset.ts'
import { DAYS } from './table.ts'
import { GRACE_SECONDS, type Pace } from './time.ts'

/** Returns the context that the product's functions get when an execution invokes them. */
export function contextOf(
  { s3, glue }: Pick<Stage, 's3' | 'glue'>,
  execution: string,
  { functionSeconds, leaseSeconds }: Pace,
  now: string,
) {
  const ledger = {
    data: { s3, name: 'data' },
    catalog: { glue, database: 'test' },
    leaseSeconds,
    graceSeconds: GRACE_SECONDS,
    crawlerOf: () => CRAWLER,
    holder: executionOf(execution).arn,
    millisecondsLeft: () => functionSeconds * 1000,
  }
  return {
    ledger,
    raw: { s3, name: 'raw' },
    dataset: DATASET,
    // No function waits for another: claiming a day saves work, and nothing else depends on it.
    isRunning: () => Promise.resolve(false),
    limits: { partRows: 10, partBytes: 2 ** 30, rowGroupRows: 5 },
    jobPrefix: 'model',
    now: () => now,
  }
}

export const executionOf = (name: string) => ({
  arn: `arn:aws:states:us-east-1:000000000000:execution:dayfold:${name}`,
  name,
})

/** A time at which the days are over. */
const AT = '2024-01-09T00:00:00Z'

/** Returns the input of a function for a day of an execution. */
export function dayInput(name: string, mode: PlanDayInput['mode'], date: string = DAYS[0]): PlanDayInput {
  const execution = executionOf(name)
  const child = { arn: `${execution.arn}/child`, redriveCount: 0 }
  const request = { mode, scheduled: false, dryRun: false, allowEmpty: false, at: AT, loop: 0, waits: 0 }
  return { dataset: TABLE, date, execution, child, ...request }
}
