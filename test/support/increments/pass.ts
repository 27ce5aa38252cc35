import { linkSync, mkdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import type { Target } from '../../../client/target.ts'
import type { PublishDayOutput } from '../../../core/messages.ts'
import { deployLocally, type LocalDayfold, type DeployLocallyOptions } from '../../../local/deploy.ts'
import type { Faults } from '@dayfold/local-aws/faults'
import { cpuSeconds } from './cpu-time.ts'
import { readReports } from './job-reports.ts'
import type { PassFigures, PassOptions, PublishTime, RunFigures, Step } from './messages.ts'
import { countReadings, startReader } from './reader.ts'

const PROJECT_ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const READER_LANES = 3
const POLL_MILLISECONDS = 50

/** Runs the steps of a pass over one server, and measures their cost without the server's own start. */
export async function runPass(options: PassOptions): Promise<PassFigures> {
  const { home, dataset, raw, steps } = options
  const watch = watchCalls(dataset.name, raw)
  const publishes: PublishTime[] = []
  mkdirSync(raw, { recursive: true })
  const aws = await deployLocally({
    projectRoot: PROJECT_ROOT,
    home,
    registry: dataset.registry,
    mode: 'run',
    mounts: () => [{ prefix: dataset.name, dir: raw }],
    faults: watch.faults,
    wrapResource: timePublishes(publishes),
  })
  const before = { ...cpuSeconds(), at: Date.now() }
  const reader = options.reader ? startReader(aws.target, { dataset, lanes: READER_LANES }) : undefined
  const runs: RunFigures[] = []
  for (const step of steps) runs.push(await runStep(aws, raw, step))
  await reader?.stop()
  const seconds = (Date.now() - before.at) / 1000
  await aws.close()
  // After closing, every process that the server started has ended, and is counted.
  const after = cpuSeconds()
  const lambdas = aws.lambda.cpuSeconds()
  const reports = readReports(home)
  return {
    runs,
    seconds,
    cpu: { jobs: after.children - before.children - lambdas, lambdas, services: after.own - before.own },
    jobs: reports.length,
    rawBytesRead: watch.rawBytes(),
    recordsExtracted: reports.reduce((sum, { totals }) => sum + totals.records, 0),
    ...(reader && { reader: countReadings(reader.readings(), publishes) }),
  }
}

async function runStep(
  { target, lambda }: LocalDayfold,
  raw: string,
  { arrivals, input }: Step,
): Promise<RunFigures> {
  for (const { files, to } of arrivals) linkFiles(files, join(raw, to))
  const before = { at: Date.now(), jobs: cpuSeconds().children, lambdas: lambda.cpuSeconds() }
  await runExecution(target, input)
  return {
    seconds: (Date.now() - before.at) / 1000,
    // Functions stay warm, so the processes that have ended are jobs.
    jobCpu: cpuSeconds().children - before.jobs,
    lambdaCpu: lambda.cpuSeconds() - before.lambdas,
  }
}

/** Links files, so that each is the same object, ETag included, in every pass. */
function linkFiles(files: readonly string[], folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const file of files) linkSync(file, join(folder, basename(file)))
}

async function runExecution({ clients, stateMachineArn }: Target, input: Step['input']): Promise<void> {
  const { executionArn } = await clients.sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  )
  for (;;) {
    const { status, cause } = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }))
    if (status === 'SUCCEEDED') return
    if (status !== 'RUNNING') throw new Error(`Execution ${executionArn}: ${status}: ${cause}`)
    await sleep(POLL_MILLISECONDS)
  }
}

/** Counts the bytes of raw objects that are requested from S3; they are small enough to be read whole. */
function watchCalls(
  dataset: string,
  raw: string,
): { readonly faults: Faults; readonly rawBytes: () => number } {
  let bytes = 0
  return {
    rawBytes: () => bytes,
    faults: {
      next({ operation, bucket, key }) {
        if (operation === 'GetObject' && bucket === 'raw') {
          bytes += statSync(join(raw, key!.slice(dataset.length + 1))).size
        }
        return undefined
      },
      wrote: () => Promise.resolve(),
    },
  }
}

/** Notes when days were published. */
function timePublishes(publishes: PublishTime[]): NonNullable<DeployLocallyOptions['wrapResource']> {
  return (_, resource) => async (task) => {
    const { FunctionName = '' } = task.arguments as { FunctionName?: string }
    if (!FunctionName.includes('publish-day')) return resource(task)
    const start = Date.now()
    const answer = await resource(task)
    const { outcome } = (answer as { Payload: PublishDayOutput }).Payload
    publishes.push({ kind: outcome?.kind, start, end: Date.now() })
    return answer
  }
}
