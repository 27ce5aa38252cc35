import { randomUUID } from 'node:crypto'
import type { DatasetDay } from '../../../core/dataset-day.ts'
import type { DeployedDataset } from '../../../core/deployment.ts'
import type { ReadSettings } from '../../../core/read-settings.ts'
import type { Published } from '../../../core/manifest.ts'
import type { DayOutcome, PlanDayInput, PlanDayOutput, PublishDayOutput } from '../../../core/messages.ts'
import type { JobReport } from '../../../core/job-report.ts'
import { readManifest } from '../../../lambda/ledger/manifest-store.ts'
import type { PlanDayContext } from '../../../lambda/planning/context.ts'
import { planDay } from '../../../lambda/planning/plan-day.ts'
import { publishDay } from '../../../lambda/publishing/publish-day.ts'
import { idsOf, runFakeJob } from './fake-job.ts'
import { DATASET } from './dataset.ts'
import { partitionLocation } from './partition-location.ts'
import { DAY, fileOf, OVER, type Process, type World } from './world.ts'

/** An execution on one day. */
export interface DayRun {
  readonly world: World
  readonly arn: string
  /** Name of the caller of its functions. */
  readonly caller: string
  readonly process: Process
  readonly input: PlanDayInput
  readonly context: PlanDayContext
}

export interface DayRunOptions {
  readonly mode?: PlanDayInput['mode']
  readonly day?: DatasetDay
  readonly scheduled?: boolean
  readonly dryRun?: boolean
  readonly allowEmpty?: boolean
  /** ISO time of the execution. @default noon of the day itself, so that the day is not over */
  readonly at?: string
  /** Name of the caller of its functions. */
  readonly caller?: string
  readonly leaseSeconds?: number
  readonly graceSeconds?: number
  readonly featureVersion?: string
  readonly columns?: typeof DATASET.columns
  readonly partRows?: number
  /** Settings of the dataset. @default those of {@link DATASET} */
  readonly settings?: Partial<ReadSettings> & Pick<DeployedDataset, 'checks'>
  /** Name of the execution. @default a new one */
  readonly execution?: string
}

export const LATER = '2024-01-09T00:00:00Z'
let clock = Date.parse('2024-01-02T12:00:00Z')
/** Returns the time, a second later with each call. */
export const tick = () => new Date((clock += 1000)).toISOString()

export function startRun(world: World, options: DayRunOptions = {}): DayRun {
  const { mode = 'changed', day = DAY, scheduled = false, dryRun = false, allowEmpty = false } = options
  const { at = `${day.date}T12:00:00Z`, caller = 'functions', leaseSeconds = OVER, graceSeconds } = options
  const name = options.execution ?? randomUUID()
  const arn = `arn:aws:states:us-east-1:000000000000:execution:dayfold:${name}`
  const child = { arn: `${arn}/child`, redriveCount: 0 }
  for (const running of [arn, child.arn]) world.running.add(running)
  const process = world.process(caller, arn, { leaseSeconds, graceSeconds })
  const input: PlanDayInput = {
    ...day,
    execution: { arn, name },
    mode,
    scheduled,
    dryRun,
    allowEmpty,
    at,
    child,
    loop: 0,
    waits: 0,
  }
  const limits = { partRows: options.partRows ?? 10, partBytes: 2 ** 30, rowGroupRows: 5 }
  const { featureVersion = DATASET.featureVersion, columns = DATASET.columns } = options
  const dataset = { ...DATASET, ...options.settings, featureVersion, columns }
  const isRunning = (execution: string) => Promise.resolve(world.running.has(execution))
  const context = { ...process, dataset, isRunning, limits, jobPrefix: 'test', now: tick }
  return { world, arn, caller, process, input, context }
}

/** Ends the execution, however its days ended. */
export function endRun(run: DayRun): void {
  endDay(run)
  run.world.running.delete(run.arn)
}

/** Ends the execution's child for the day, but not the execution itself. */
export const endDay = ({ world, input }: DayRun) => void world.running.delete(input.child.arn)

export const plan = ({ input, context }: DayRun, loop = 0): Promise<PlanDayOutput> =>
  planDay({ ...input, loop }, context)

export async function work(
  run: Pick<DayRun, 'world' | 'arn'>,
  planned: PlanDayOutput,
  change?: (report: JobReport) => JobReport,
): Promise<string> {
  if (planned.action !== 'process') throw new Error(`expected work, found ${JSON.stringify(planned)}`)
  const { ledger, raw } = run.world.process('job', run.arn)
  await runFakeJob(ledger.data, raw, planned.workOrder, change)
  return planned.workOrder
}

export const publish = ({ input, context }: DayRun, workOrder: string): Promise<PublishDayOutput> =>
  publishDay({ ...input, workOrder }, context)

/** Takes a day through all its steps, as the state machine does. */
export async function runDay(world: World, options: DayRunOptions = {}): Promise<DayOutcome> {
  const run = startRun(world, options)
  try {
    for (let loop = 0; loop < 4; loop++) {
      const planned = await plan(run, loop)
      if (planned.action !== 'process') return planned.outcome
      const { won, outcome } = await publish(run, await work(run, planned))
      if (won) return outcome!
    }
    throw new Error('the day was always lost')
  } finally {
    endRun(run)
  }
}

/** Returns the ids that Athena would read of the day: below the location of its partition, or below its prefix. */
export async function visibleIds(world: World, day: DatasetDay = DAY): Promise<string[]> {
  const location =
    (await partitionLocation(world, day)) ?? `s3://data/processed/${day.dataset}/day_partition=${day.date}/`
  const keys = world.keys(`${location.replace('s3://data/', '').replace(/\/$/, '')}/`)
  const ids = await Promise.all(keys.map((key) => idsOf(fileOf(world, key))))
  return ids.flat().sort()
}

export async function publishedOf(world: World, day: DatasetDay = DAY): Promise<Published> {
  const { ledger } = world.process('test', 'test')
  return (await readManifest(ledger.data, day)).manifest.published!
}
