import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { DatasetDay } from '../../../core/dataset-day.ts'
import type { PlanDayInput, PlanDayOutput, PlanOutput, Summary } from '../../../core/messages.ts'
import { deleteObjects, putObject } from '../../../aws/write-objects.ts'
import { readBody, type Service } from '@dayfold/local-aws/service'
import { readWorkOrder } from '../../../lambda/publishing/finished-work.ts'
import { athenaOver, WORKGROUP } from '../../support/lambda/athena.ts'
import { capturedLog } from '../../support/lambda/captured-log.ts'
import { DEPLOYMENT } from '../../support/lambda/dataset.ts'
import { mapResultsOf, writeMapResults } from '../../support/lambda/run-files.ts'
import { work } from '../../support/lambda/run-day.ts'
import { fileOf, openWorld, type World } from '../../support/lambda/world.ts'

// The entry points in this process, against S3, Glue and Athena, in the order of the state machine.

vi.mock(import('../../../lambda/deployment-file.ts'), () => ({ readDeployment: () => DEPLOYMENT }))

const EXECUTION = { arn: 'arn:aws:states:us-east-1:000000000000:execution:dayfold:run', name: 'run' }
const OTHER = 'arn:aws:states:us-east-1:000000000000:execution:dayfold:other'
const call = { getRemainingTimeInMillis: () => 60_000 }

const log = capturedLog()

/** Metrics and the dataset that they are about, as the functions have logged them so far; then forgets them. */
function countedMetrics(): Record<string, unknown>[] {
  const metrics = log.lines.filter((line) => '_aws' in line)
  log.lines = log.lines.filter((line) => !('_aws' in line))
  expect(metrics.every((metric) => metric['Deployment'] === 'prod')).toBe(true)
  const omitted = ['_aws', 'Deployment']
  return metrics.map((metric) =>
    Object.fromEntries(Object.entries(metric).filter(([name]) => !omitted.includes(name))),
  )
}

const logged = (message: string) => log.lines.filter((line) => line['message'] === message)

const ENVIRONMENT = {
  DEPLOYMENT: 'prod',
  DATA_BUCKET: 'data',
  RAW_BUCKET: 'raw',
  DATABASE: 'test',
  WORKGROUP,
  MAX_CONCURRENCY: '8',
  RESERVED_FOR_SCHEDULE: '3',
  LEASE_SECONDS: '600',
  QUERY_GRACE_SECONDS: '0',
  PART_ROWS: '2',
  PART_BYTES: '1000000',
  ROW_GROUP_ROWS: '1',
  JOB_SETTINGS: 'settings',
  INSTANCE_TYPE: 'ml.m5.xlarge',
}

/** Step Functions that knows of executions by the status that a test gives them. */
function executions(statuses: ReadonlyMap<string, string>): Service {
  return {
    signingName: 'states',
    async handle(request: IncomingMessage, response: ServerResponse) {
      const { executionArn } = JSON.parse((await readBody(request)).toString()) as { executionArn: string }
      response.setHeader('content-type', 'application/x-amz-json-1.0')
      response.end(JSON.stringify({ executionArn, status: statuses.get(executionArn) ?? 'SUCCEEDED' }))
    },
  }
}

/** Opens a world and imports the entry points, which read where it is from their environment. */
async function startHandlers() {
  const statuses = new Map<string, string>()
  const { world, close } = await openWorld({
    services: (services) => [executions(statuses), athenaOver(services)],
  })
  const { endpoint, region, credentials } = world.client('functions')
  const variables = {
    ...ENVIRONMENT,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  const [plan, planDay, publishDay, collect, crawl, verify] = await Promise.all([
    import('../../../lambda/handlers/plan.ts'),
    import('../../../lambda/handlers/plan-day.ts'),
    import('../../../lambda/handlers/publish-day.ts'),
    import('../../../lambda/handlers/collect.ts'),
    import('../../../lambda/handlers/crawl.ts'),
    import('../../../lambda/handlers/verify.ts'),
  ])
  return {
    world,
    close,
    statuses,
    plan: plan.handler,
    planDay: planDay.handler,
    publishDay: publishDay.handler,
    collect: collect.handler,
    crawl: crawl.handler,
    verify: verify.handler,
  }
}

let run: Awaited<ReturnType<typeof startHandlers>>
beforeAll(async () => {
  run = await startHandlers()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await run.close()
})

const dataOf = (world: World) => world.process('test', EXECUTION.arn).ledger.data
const childOf = (date: string) => ({ arn: `${EXECUTION.arn}/${date}`, redriveCount: 0 })

function dayInput({ dryRun, allowEmpty, scheduled, at }: PlanOutput, day: DatasetDay): PlanDayInput {
  const settings = { execution: EXECUTION, mode: 'changed', dryRun, allowEmpty, scheduled, at } as const
  return { ...day, ...settings, child: childOf(day.date), loop: 0, waits: 0 }
}

test('the entry points take a day from its raw files to verified rows, and report what they did', async () => {
  const { world, plan, planDay, publishDay, collect, crawl, verify } = run
  const day = { dataset: 'jobs', date: '2024-01-02' }
  world.putRaw('a.jsonl', ['a1', 'a2', 'a3', 'bad'], day)
  const now = new Date().toISOString()
  const today = now.slice(0, 10)
  world.putRaw('b.jsonl', ['b1'], { dataset: 'jobs', date: today })

  const planned = await plan(
    { execution: EXECUTION, startedAt: now, input: { from: day.date, to: day.date } },
    call,
  )
  expect(planned).toMatchObject({ mode: 'changed', count: 1, maxConcurrency: 5, scheduled: false })
  expect(countedMetrics()).toEqual([{ HoursSinceVerified: 0 }])
  expect(JSON.parse(fileOf(world, planned.items.key).toString())).toEqual([{ ...day, mode: 'changed' }])

  const outcomes = []
  for (const each of [day, { dataset: 'jobs', date: today }]) {
    const begun = await planDay(dayInput(planned, each), call)
    expect(begun).toMatchObject({ featureVersion: 'v1' })
    expect(begun).toMatchObject({ jobName: expect.stringMatching(/^prod--jobs-/) as string })
    expect(logged('day planned').at(-1)).toMatchObject({ ...each, action: 'process' })
    const workOrder = await work({ world, arn: EXECUTION.arn }, begun as PlanDayOutput)
    expect((await readWorkOrder(dataOf(world), workOrder)).limits).toEqual({
      partRows: 2,
      partBytes: 1_000_000,
      rowGroupRows: 1,
    })
    const published = await publishDay({ ...dayInput(planned, each), workOrder }, call)
    expect(published).toMatchObject({ won: true, outcome: { status: 'published', newDay: true } })
    expect(logged('day published').at(-1)).toMatchObject({ ...each, won: true })
    outcomes.push(published.outcome!)
  }
  expect(countedMetrics()).toMatchObject([
    { Dataset: 'jobs', DaysPublished: 1, RecordsProcessed: 4, RecordsRejected: 1 },
    { Dataset: 'jobs', DaysPublished: 1, RecordsProcessed: 1, RecordsRejected: 0 },
  ])

  const failed = { dataset: 'jobs', date: '2024-01-03', mode: 'changed' }
  await writeMapResults(world, EXECUTION.name, {
    SUCCEEDED: outcomes.map((outcome) => ({
      Input: JSON.stringify(outcome),
      Output: JSON.stringify(outcome),
      Status: 'SUCCEEDED',
      StopDate: now,
    })),
    FAILED: [
      { Input: JSON.stringify(failed), Status: 'FAILED', Error: 'Broken', Cause: 'because', StopDate: now },
    ],
  })
  const collected = await collect({ plan: planned, results: mapResultsOf(EXECUTION.name) })
  expect(collected.counts).toMatchObject({ published: 2, failed: 1 })
  expect(logged('days collected')).toMatchObject([{ execution: 'run', counts: { published: 2 } }])
  expect(countedMetrics()).toEqual([
    { Dataset: 'jobs', DaysFailed: 1 },
    { Dataset: 'jobs', HoursSinceNewData: expect.any(Number) as number, DaysOutstanding: 1 },
  ])
  const summary = JSON.parse(fileOf(world, collected.summary.key).toString()) as Summary
  expect(summary.cost).toMatchObject({ prices: { region: 'us-east-1' } })
  expect(world.keys('runs/run/')).toContain(summary.report)

  let crawled = await crawl({ execution: EXECUTION }, call)
  expect(crawled).toMatchObject({ action: 'wait', waitingFor: ['jobs'] })
  expect(countedMetrics()).toEqual([])
  await world.glue.idle()
  crawled = await crawl({ execution: EXECUTION, previous: crawled }, call)
  expect(crawled).toMatchObject({ action: 'done', warnings: [] })
  expect(countedMetrics()).toEqual([{ CrawlersFailed: 0 }])
  expect(logged('catalog looked at')).toHaveLength(2)
  expect(logged('partitions looked at')).toEqual([])

  expect(await verify({ execution: EXECUTION })).toEqual({ verified: 2, moved: 0, mismatched: 0, cause: '' })
  expect(countedMetrics()).toEqual([{ CountMismatches: 0, CheckWarnings: 0 }, { HoursSinceVerified: 0 }])
  expect(logged('days verified')).toMatchObject([{ verified: 2 }])
  expect(JSON.parse(fileOf(world, 'state/_verified.json').toString())).toEqual({ execution: 'run' })
  // Nothing is new in a second look.
  expect(await crawl({ execution: EXECUTION, redriveCount: 1 }, call)).toMatchObject({ action: 'wait' })
})

test('a day that another execution works on waits while that runs, and an instance is waited for', async () => {
  const { world, statuses, plan, planDay } = run
  const day = { dataset: 'jobs', date: '2024-01-05' }
  world.putRaw('a.jsonl', ['a1'], day)
  for (const running of [OTHER, `${OTHER}/1`]) statuses.set(running, 'RUNNING')
  const input = { from: day.date, to: day.date }
  const other = { arn: OTHER, name: 'other' }
  const planned = await plan({ execution: EXECUTION, startedAt: '2024-01-02T12:00:00Z', input }, call)
  const theirs = {
    ...dayInput(planned, day),
    execution: other,
    child: { arn: `${OTHER}/1`, redriveCount: 0 },
  }
  expect(await planDay(theirs, call)).toMatchObject({ action: 'process' })
  expect(await planDay(dayInput(planned, day), call)).toMatchObject({
    action: 'wait',
    outcome: { status: 'busy' },
  })
  statuses.clear()
  expect(await planDay({ ...dayInput(planned, day), waits: 1 }, call)).toMatchObject({ action: 'process' })
  countedMetrics()

  const since = new Date(Date.now() - 90_000).toISOString()
  const told = await planDay(
    {
      ...dayInput(planned, day),
      waitsForInstance: { since, error: 'SageMaker.ResourceLimitExceededException' },
    },
    call,
  )
  const { instanceWaitSeconds } = told as { instanceWaitSeconds: number }
  expect(instanceWaitSeconds).toBeGreaterThanOrEqual(90)
  expect(instanceWaitSeconds).toBeLessThan(150)
  expect(countedMetrics()).toEqual([{ InstanceWaitSeconds: instanceWaitSeconds }])
  expect(logged('waits for an instance')).toMatchObject([{ ...day, instanceWaitSeconds }])
  const progress = JSON.parse(fileOf(world, `runs/run/progress/jobs/${day.date}.json`).toString()) as object
  expect(progress).toMatchObject({ phase: 'waiting' })
})

test('a run without new days crawls nothing and reports no crawl', async () => {
  const idle = { arn: OTHER, name: 'idle' }
  expect(await run.crawl({ execution: idle }, call)).toMatchObject({ action: 'done', waitingFor: [] })
  expect(logged('catalog looked at')).toHaveLength(1)
  expect(countedMetrics()).toEqual([])
})

test('a crawl that fails and a count that differs are counted and logged', async () => {
  const { world, plan, planDay, publishDay, crawl, verify } = run
  const day = { dataset: 'jobs', date: '2024-01-06' }
  world.putRaw('a.jsonl', ['a1'], day)
  const input = { from: day.date, to: day.date }
  const planned = await plan({ execution: EXECUTION, startedAt: '2024-01-02T12:00:00Z', input }, call)
  const begun = await planDay(dayInput(planned, day), call)
  const workOrder = await work({ world, arn: EXECUTION.arn }, begun as PlanDayOutput)
  await publishDay({ ...dayInput(planned, day), workOrder }, call)
  countedMetrics()

  await putObject(dataOf(world), 'runs/run/summary.json', 'garbage')
  const crawled = await crawl({ execution: EXECUTION }, call)
  expect(crawled.warnings).toHaveLength(1)
  expect(countedMetrics()).toEqual([{ CrawlersFailed: 1 }])

  await deleteObjects(dataOf(world), world.keys(`processed/jobs/day_partition=${day.date}/`))
  expect(await verify({ execution: EXECUTION })).toMatchObject({ verified: 0, mismatched: 1 })
  expect(countedMetrics()).toEqual([{ CountMismatches: 1, CheckWarnings: 0 }])
})
