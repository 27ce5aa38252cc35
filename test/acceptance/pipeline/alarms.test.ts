import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Fault } from '@dayfold/local-aws/faults'
import type { MetricId } from '@dayfold/local-aws/metrics'
import { encodeFacts } from '../../../core/dataset-facts.ts'
import { addDays, dayAt } from '../../../core/dates.ts'
import { factsKey, partitionPrefix } from '../../../core/layout.ts'
import { DATASET_METRICS, DEPLOYMENT_METRICS, METRIC_NAMESPACE } from '../../../core/metrics.ts'
import { MOST_ID } from '../../fixtures/datasets/fails-on-a-day.ts'
import { watch, withoutPrefix, type Watch } from '../../support/drill/watch.ts'
import { startPipeline, TIME_ZONE, type Pipeline } from '../../support/pipeline/pipeline.ts'

// A drill: the alarms get only the metrics that functions print, and those that AWS measures itself.

const HOUR = 3_600_000
/** Depth of the dead-letter queue. AWS measures it by itself, so the test reports it. */
const QUEUE: MetricId = {
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: 'dayfold-schedule-dead-letters' },
}
const DENIED: Fault = { kind: 'error', code: 'AccessDenied', status: 403 }

let pipeline: Pipeline
let seen: Watch
let today: string

beforeAll(async () => {
  pipeline = await startPipeline({
    runSettings: { expectNewDataHours: 1 },
    log: (line) => seen?.metrics.takeLine(afterName(line)),
  })
  const { clock, deployment } = pipeline.aws
  // At noon yesterday has been over for long, and today goes on.
  while (hourAt(clock.now()) !== 12) clock.advance(HOUR)
  today = dayNow()
  seen = watch(deployment.alarms, clock)
})
afterAll(() => pipeline.close())

const afterName = (line: string) => line.slice(line.indexOf(': ') + 2)
const dayNow = () => dayAt(new Date(pipeline.aws.clock.now()).toISOString(), TIME_ZONE)
const hourAt = (now: number) =>
  Number(
    new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: TIME_ZONE }).format(now),
  )
const data = (key: string) => join(pipeline.home, 's3/data', key)

function write(key: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(data(key)), { recursive: true })
  writeFileSync(data(key), bytes)
}

async function run(): Promise<string> {
  const { status } = await pipeline.run({})
  pipeline.undisturbed()
  pipeline.aws.clock.advance(60_000)
  seen.look()
  return status
}

/** Notes that yesterday's weekday had 20 rows in each of the two weeks before. */
function haveHistory(yesterday: string): void {
  const day = { generation: 1, rows: 20, records: 20 }
  const days = { [addDays(yesterday, -7)]: day, [addDays(yesterday, -14)]: day }
  write(factsKey('readings'), encodeFacts({ since: new Date(pipeline.aws.clock.now()).toISOString(), days }))
}

/** Sends PlanDay what the definition sends before a further try to start a job. */
async function tellOfWaiting(seconds: number): Promise<void> {
  const since = new Date(pipeline.aws.clock.now() - seconds * 1000).toISOString()
  await pipeline.aws.lambda.invoke('dayfold-plan-day', {
    dataset: 'readings',
    date: today,
    execution: { arn: 'arn', name: 'waiting' },
    waitsForInstance: { since, error: 'SageMaker.ResourceLimitExceededException' },
  })
  const told = () => seen.metrics.metrics().map(({ name }) => name)
  await vi.waitFor(() => expect(told()).toContain('InstanceWaitSeconds'))
}

test('every alarm goes off for its reason and ends with it', async () => {
  const yesterday = addDays(today, -1)

  // After deployment, before the first run.
  seen.pass(24)
  expect(seen.in('ALARM')).toEqual([])
  expect(seen.changes.flatMap(({ to }) => (to === 'OK' ? [] : [to]))).toEqual([])
  today = dayNow()
  expect(today).toBe(addDays(yesterday, 2))
  const [before, whole] = [yesterday, addDays(yesterday, 1)]

  // Yesterday has few rows, one of its files is lost before they are counted, and its crawler does not start.
  haveHistory(whole)
  pipeline.raw.write(whole, 'a.jsonl', 5)
  pipeline.faults.add({ operation: 'StartCrawler', fault: DENIED })
  pipeline.before('Verify', ({ proceed }) => {
    const folder = data(partitionPrefix('readings', whole))
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    return proceed()
  })
  expect(await run()).toBe('FAILED')
  expect(seen.in('ALARM')).toEqual(['CountMismatch', 'CrawlFailed', 'LowVolume-readings'])

  // The lost file is mended. No new data for two hours; one day fails in its job, another is cut off while it is
  // published.
  seen.pass(2)
  pipeline.raw.write(today, 'a.jsonl', 5)
  pipeline.raw.setBadDay(today)
  pipeline.raw.write(before, 'a.jsonl', 5)
  pipeline.faults.add({ operation: 'CopyObject', key: /\.parquet$/, times: 20, fault: DENIED })
  expect(await run()).toBe('FAILED')
  expect(seen.in('ALARM')).toEqual([
    'CrawlFailed',
    'DaysOutstanding-readings',
    'LowVolume-readings',
    'NoNewData-readings',
  ])

  // All is mended, but the staged output of the interrupted publish is gone, and ids exceed the limit of a check.
  rmSync(data('staging/readings'), { recursive: true })
  seen.pass(1)
  pipeline.raw.setBadDay(null)
  pipeline.raw.write(today, 'b.jsonl', 5, MOST_ID + 1)
  pipeline.raw.write(whole, 'b.jsonl', 15, 5)
  pipeline.raw.write(before, 'b.jsonl', 5, 5)
  expect(await run()).toBe('SUCCEEDED')
  expect(seen.in('ALARM')).toEqual(['CheckWarning', 'IntentGivenUp'])
  seen.pass(3)
  expect(seen.in('ALARM')).toEqual([])

  // A job waits for an instance, and the schedule reaches nobody.
  await tellOfWaiting(4000)
  const now = pipeline.aws.clock.now()
  seen.metrics.put(QUEUE, 1, now)
  seen.look()
  expect(seen.in('ALARM')).toEqual(['InstanceWait', 'ScheduleUndelivered'])
  seen.metrics.put(QUEUE, 0, now + HOUR)
  seen.pass(4)
  expect(seen.in('ALARM')).toEqual([])

  // Runs find nothing for days, then no further run starts.
  pipeline.aws.clock.advance(4 * 24 * HOUR)
  expect(await run()).toBe('SUCCEEDED')
  expect(seen.in('ALARM')).toEqual(['NoNewData-readings', 'NotFresh'])
  seen.pass(10)
  expect(seen.in('INSUFFICIENT_DATA')).toEqual(['NotFresh'])

  // New files.
  pipeline.raw.write(dayNow(), 'a.jsonl', 5)
  expect(await run()).toBe('SUCCEEDED')
  expect(seen.in('OK')).toEqual(seen.names.map(withoutPrefix).sort())

  for (const name of seen.names) {
    const states = seen.changes.filter(({ alarm }) => alarm === name).map(({ to }) => to)
    expect(states.slice(states.indexOf('ALARM')), name).toEqual(expect.arrayContaining(['ALARM', 'OK']))
  }
  const topic = 'arn:aws:sns:us-east-1:000000000000:dayfold-alarms'
  for (const change of seen.changes) expect(change.actions, JSON.stringify(change)).toEqual([topic])
}, 300_000)

test('what was told are the metrics that are counted, and no others', () => {
  const own = seen.metrics.metrics().filter(({ namespace }) => namespace === METRIC_NAMESPACE)
  const [dataset, deployment] = [Object.keys(DATASET_METRICS), Object.keys(DEPLOYMENT_METRICS)]
  const names = (isOfDataset: boolean) =>
    own.filter(({ dimensions }) => 'Dataset' in dimensions === isOfDataset).map(({ name }) => name)
  expect(names(true).sort()).toEqual(dataset.sort())
  expect(names(false).sort()).toEqual(deployment.sort())
})
