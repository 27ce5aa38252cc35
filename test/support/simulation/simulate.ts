import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn'
import { readSummary, startExecution } from '../../../client/executions.ts'
import type { TargetDataset } from '../../../client/target.ts'
import type { ExecutionRef } from '../../../core/messages.ts'
import { addDays, daysBetween } from '../../../core/dates.ts'
import { rawDayPrefix, type RawPlace } from '../../../core/layout.ts'
import { deployLocally, type LocalDayfold } from '../../../local/deploy.ts'
import { createLimits } from '@dayfold/local-aws/limits'
import { virtualClock } from '@dayfold/local-aws/virtual-clock'
import { checkDays } from './check-days.ts'
import { costOf, PRICED_INSTANCES, type Usage } from './cost.ts'
import { countCalls } from './count-calls.ts'
import { measureHistories, type HistoryFigures } from './histories.ts'
import { invocationSeconds, type Weather } from './model.ts'
import { rawDays } from './raw-days.ts'
import { datasetOf, standInJobs, type EndedJob } from './stand-in-jobs.ts'

export interface SimulationOptions extends Weather {
  /** Folder of all state. */
  readonly home: string
  /** Module that exports `datasets`. @default that of the project */
  readonly registry?: string
  readonly dataset: string
  readonly days: number
  /** Raw files per day. */
  readonly files: number
  /** Most dataset-days at once. */
  readonly maxConcurrency: number
  /** Calls of CreateProcessingJob per second that are answered. */
  readonly createsASecond: number
  /** Most instances of a type at once. */
  readonly instances: number
  /** Called with the number of jobs that have ended and the hours that have passed. @default not called */
  readonly onProgress?: (jobs: number, hours: number) => void
}

/** Result of a simulation. */
export interface Simulation {
  readonly dataset: string
  readonly days: number
  readonly files: number
  readonly status: string
  /** Virtual hours from start to end. */
  readonly hours: number
  readonly jobs: number
  readonly failedJobs: number
  readonly histories: HistoryFigures
  readonly usage: Usage
  /** Dollars by service. */
  readonly dollars: Readonly<Record<string, number>>
  /** CPU seconds of all functions, measured on this machine. */
  readonly functionCpuSeconds: number
  /** Problems, in words; none if every day was published once. */
  readonly problems: readonly string[]
}

/** Beginning of a simulation, in UTC. */
const START_DAY = '2026-01-01'
const START = Date.parse(`${START_DAY}T03:10:00Z`)
const PROJECT_ROOT = join(import.meta.dirname, '../../..')
const FUNCTION_GB = 1
/** Dataset-days that a backfill leaves to the schedule. */
const RESERVED = 2
const POLL_MILLISECONDS = 50

/**
 * Runs a backfill of a deployed dataset over days that hold nothing yet. Definition and handlers are those of the
 * deployment; jobs, raw listings and the clock are stand-ins.
 */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const clock = virtualClock({ start: START })
  const jobs: EndedJob[] = []
  const calls = countCalls()
  const lambda = { invocations: 0, seconds: 0 }
  const prefixes = new Set<string>()
  const aws = await deployLocally({
    projectRoot: PROJECT_ROOT,
    ...(options.registry !== undefined && { registry: options.registry }),
    // The backfill has this many days at once; the schedule's come on top.
    context: {
      maxConcurrency: String(options.maxConcurrency + RESERVED),
      reservedForSchedule: String(RESERVED),
    },
    home: options.home,
    mode: 'run',
    // As in a deployment on AWS: nothing moves home before.
    queryGraceSeconds: 3600,
    virtualClock: clock,
    faults: calls.faults,
    limits: createLimits({
      instances: Object.fromEntries(PRICED_INSTANCES.map((type) => [type, options.instances])),
      createsPerSecond: options.createsASecond,
      now: () => clock.now(),
    }),
    listings: {
      raw: rawDays({ ...options, isDay: (prefix) => prefixes.has(prefix), lastModified: START }),
    },
    standIn: standInJobs({
      clock,
      weather: options,
      target: () => aws.target,
      onEnd(job) {
        jobs.push(job)
        options.onProgress?.(jobs.length, (clock.now() - START) / 3_600_000)
      },
    }),
    invocationTakes(functionArn) {
      const seconds = invocationSeconds(handlerOf(functionArn), options.files)
      lambda.invocations += 1
      lambda.seconds += seconds
      return 1000 * seconds
    },
  })
  try {
    const dataset = datasetOf(aws.target, options.dataset)
    const [from, to] = [addDays(START_DAY, -options.days), addDays(START_DAY, -1)]
    const days = daysBetween(from, to)
    for (const day of days) prefixes.add(rawDayPrefix(dataset as TargetDataset & RawPlace, day))
    const { maxConcurrency } = options
    const request = { from, to, datasets: [dataset.name], maxConcurrency }
    const execution = await startExecution(aws.target, request, new Date(START))
    const { status, stopDate, cause } = await ended(aws, execution)
    const usage = calls.usage()
    const functionCpuSeconds = aws.lambda.cpuSeconds()
    const histories = await measureHistories(aws.target.clients.sfn, execution.arn)
    const summary = await readSummary(aws.target, execution)
    const problems = [
      ...(status === 'SUCCEEDED' ? [] : [`The execution ended ${status}: ${cause}`]),
      ...aws.refusals,
      ...(await checkDays(aws.target, dataset.name, days, summary)),
    ]
    const used: Usage = {
      ...usage,
      instanceSeconds: secondsByInstance(jobs),
      lambdaInvocations: lambda.invocations,
      lambdaGbSeconds: lambda.seconds * FUNCTION_GB,
      transitions: histories.transitions,
      // Jobs read each file; the stand-ins do not.
      s3Reads: usage.s3Reads + jobs.reduce((sum, { files }) => sum + files, 0),
    }
    return {
      dataset: dataset.name,
      days: options.days,
      files: options.files,
      status: status!,
      hours: (stopDate!.getTime() - START) / 3_600_000,
      jobs: jobs.length,
      failedJobs: jobs.filter(({ failure }) => failure !== undefined).length,
      histories,
      usage: used,
      dollars: costOf(used),
      functionCpuSeconds,
      problems,
    }
  } finally {
    await aws.close()
  }
}

/** Returns `plan-day` for `arn:…:function:dayfold-plan-day:7`. */
const handlerOf = (arn: string) => /:function:[^:]*?-((?:plan|publish)-day|\w+)(?::|$)/.exec(arn)?.[1] ?? ''

function secondsByInstance(jobs: readonly EndedJob[]): Record<string, number> {
  const seconds: Record<string, number> = {}
  for (const job of jobs) seconds[job.instanceType] = (seconds[job.instanceType] ?? 0) + job.seconds
  return seconds
}

async function ended({ target }: LocalDayfold, { arn: executionArn }: ExecutionRef) {
  for (;;) {
    const execution = await target.clients.sfn.send(new DescribeExecutionCommand({ executionArn }))
    if (execution.status !== 'RUNNING') return execution
    await sleep(POLL_MILLISECONDS)
  }
}
