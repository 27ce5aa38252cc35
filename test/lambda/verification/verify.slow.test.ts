import { AthenaClient, StopQueryExecutionCommand } from '@aws-sdk/client-athena'
import { expect, test } from 'vitest'
import type { Check } from '../../../core/checks.ts'
import { DUPLICATES } from '../../../core/layout.ts'
import type { Summary } from '../../../core/messages.ts'
import { putDayEntry } from '../../../aws/day-entries.ts'
import { deleteObjects, putObject } from '../../../aws/write-objects.ts'
import { readManifest, writeManifest } from '../../../lambda/ledger/manifest-store.ts'
import { putUnverified } from '../../../lambda/ledger/unverified-entries.ts'
import { verify } from '../../../lambda/verification/verify.ts'
import { GARBAGE } from '../../support/garbage.ts'
import { athenaOver, WORKGROUP } from '../../support/lambda/athena.ts'
import { emptySummary } from '../../support/lambda/run-files.ts'
import { publishedOf, runDay } from '../../support/lambda/run-day.ts'
import { DEPLOYMENT } from '../../support/lambda/dataset.ts'
import { fileOf, startWorld, type World } from '../../support/lambda/world.ts'

async function startVerifyWorld(
  hooks: { beforeEnd?: () => Promise<void> } = {},
  checks: readonly Check[] = [],
) {
  const world = await startWorld({
    services: (services) => [athenaOver(services, () => hooks.beforeEnd?.())],
  })
  const athena = new AthenaClient(world.client('verify'))
  const { data } = world.process('verify', 'arn').ledger
  const query = { athena, workgroup: WORKGROUP, database: 'test', pollMilliseconds: 5, pauseMilliseconds: 5 }
  const execution = { arn: 'arn', name: 'name' }
  const problems: string[] = []
  const onProblem = ({ message }: Error) => problems.push(message)
  const pages: Summary[] = []
  const writePage = (summary: Summary) => Promise.resolve(`page-${pages.push(summary)}`)
  const deployment = { datasets: DEPLOYMENT.datasets.map((dataset) => ({ ...dataset, checks })) }
  const run = () => verify({ execution }, { data, query, deployment, onProblem, writePage })
  let started: string | undefined
  athena.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      if ('QueryExecutionId' in answer.output) started = answer.output.QueryExecutionId
      return answer
    },
    { step: 'initialize' },
  )
  /** Cancels the query that was started last. */
  const cancel = async () =>
    void (await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: started })))
  return { world, data, problems, pages, verify: run, cancel }
}

const UNIQUE_ID: readonly Check[] = [{ check: 'unique', columns: ['id'] }]
const SUMMARY = emptySummary({ arn: 'arn', name: 'name' })

const unverified = (world: World) => world.keys('state/_unverified/')

async function publishDays(world: World, dates: readonly string[]): Promise<void> {
  for (const date of dates) {
    const day = { dataset: 'jobs', date }
    world.putRaw('a.jsonl', [`${date}-1`, `${date}-2`], day)
    await runDay(world, { day })
  }
}

test('days that agree are verified once, and the summary says so', async () => {
  const { world, data, pages, verify } = await startVerifyWorld()
  await publishDays(world, ['2024-01-02', '2024-01-03'])
  await putObject(data, 'runs/name/summary.json', JSON.stringify(SUMMARY))
  expect(await verify()).toEqual({ verified: 2, moved: 0, mismatched: 0, cause: '' })
  expect(unverified(world)).toEqual([])
  const summary = JSON.parse(fileOf(world, 'runs/name/summary.json').toString()) as Summary
  expect(summary.verification?.verified).toBe(2)
  expect(pages[0]?.verification?.verified).toBe(2)
  expect(summary.report).toBe('page-1')
  expect(await verify()).toMatchObject({ verified: 0 })
})

test('a day without rows has no partition and agrees', async () => {
  const { world, verify } = await startVerifyWorld()
  world.putRaw('a.jsonl', ['drop'])
  await runDay(world)
  expect(await verify()).toMatchObject({ verified: 1, mismatched: 0 })
})

test('a day whose count differs is named with both counts, by this run and every later one', async () => {
  const { world, data, problems, verify } = await startVerifyWorld({}, UNIQUE_ID)
  await publishDays(world, ['2024-01-02', '2024-01-03'])
  await deleteObjects(data, [(await publishedOf(world)).parts[0]!.key])
  const result = await verify()
  expect(result).toMatchObject({ verified: 1, mismatched: 1 })
  expect(result.cause).toBe(
    'Counts of 1 dataset-days disagree: jobs 2024-01-02: expected 2 rows, Athena counts 0. Rebuild them.',
  )
  expect(await verify()).toMatchObject({ verified: 0, mismatched: 1 })
  expect(problems).toEqual([])
})

test.each([
  [20, '20: expected 2 rows, Athena counts 0. Rebuild them.'],
  [21, '20: expected 2 rows, Athena counts 0; and 1 more. Rebuild them.'],
])('of %d days whose counts differ twenty are named', async (count, end) => {
  const { world, data, verify } = await startVerifyWorld()
  await publishDays(world, ['2024-01-01'])
  const { manifest } = await readManifest(data, { dataset: 'jobs', date: '2024-01-01' })
  await deleteObjects(data, world.keys('processed/'))
  for (let number = 2; number <= count; number++) {
    const day = { dataset: 'jobs', date: `2024-01-${String(number).padStart(2, '0')}` }
    await writeManifest(data, day, manifest, undefined)
    await putUnverified(data, { ...manifest.published!, ...day })
  }
  const { mismatched, cause } = await verify()
  expect(mismatched).toBe(count)
  expect(cause.startsWith(`Counts of ${count} dataset-days disagree: jobs 2024-01-01: `)).toBe(true)
  expect(cause.endsWith(`jobs 2024-01-${end}`)).toBe(true)
})

test('a day that is published again meanwhile is counted again', async () => {
  const hooks: { beforeEnd?: () => Promise<void> } = {}
  const { world, verify } = await startVerifyWorld(hooks)
  await publishDays(world, ['2024-01-02'])
  let queries = 0
  hooks.beforeEnd = async () => {
    if (++queries > 1) return
    world.putRaw('b.jsonl', ['b1'])
    await runDay(world)
  }
  expect(await verify()).toMatchObject({ verified: 1, moved: 0, mismatched: 0 })
  expect(queries).toBe(2)
})

test('a query that overlaps a replacement is run again', async () => {
  const hooks: { beforeEnd?: () => Promise<void> } = {}
  const { world, verify } = await startVerifyWorld(hooks)
  await publishDays(world, ['2024-01-02'])
  let queries = 0
  hooks.beforeEnd = async () => {
    if (++queries > 1) return
    world.putRaw('a.jsonl', ['other'])
    await runDay(world)
  }
  expect(await verify()).toMatchObject({ verified: 1, mismatched: 0 })
  expect(queries).toBeGreaterThan(1)
})

test('a day that is being published is left for the next run', async () => {
  const { world, data, verify } = await startVerifyWorld()
  await publishDays(world, ['2024-01-02'])
  await putObject(data, 'state/_unverified/jobs/2024-01-02', JSON.stringify({ generation: 2, nonce: 'n' }))
  expect(await verify()).toMatchObject({ verified: 0, moved: 1 })
  expect(unverified(world)).toHaveLength(1)
})

test.each(GARBAGE)(
  'an entry that holds %s is told of, and its day counted like the others',
  async (_, garbage) => {
    const { world, data, problems, verify } = await startVerifyWorld()
    await publishDays(world, ['2024-01-02', '2024-01-03'])
    await putObject(data, 'state/_unverified/jobs/2024-01-02', garbage)
    expect(await verify()).toMatchObject({ verified: 2, moved: 0, mismatched: 0 })
    expect(problems).toEqual([
      expect.stringContaining('state/_unverified/jobs/2024-01-02: expected an entry of a day to verify'),
    ])
    expect(unverified(world)).toEqual([])
  },
)

test.each(GARBAGE)(
  'a summary that holds %s is told of, and days are verified for all that',
  async (_, garbage) => {
    const { world, data, problems, verify } = await startVerifyWorld()
    await publishDays(world, ['2024-01-02'])
    await putObject(data, 'runs/name/summary.json', garbage)
    expect(await verify()).toMatchObject({ verified: 1 })
    expect(problems).toEqual([expect.stringContaining('runs/name/summary.json: expected a summary')])
  },
)

test('rows that are not unique are counted and kept until they are, and stop nothing', async () => {
  const { world, verify } = await startVerifyWorld({}, UNIQUE_ID)
  world.putRaw('a.jsonl', ['a', 'a', 'a', 'b', 'b', 'c'])
  await runDay(world)
  await publishDays(world, ['2024-01-03'])
  expect(await verify()).toEqual({
    ...{ verified: 2, moved: 0, mismatched: 0, cause: '' },
    duplicates: { count: 1, told: ['jobs 2024-01-02: unique id: expected each once, found 3 rows more'] },
  })
  expect(world.keys('state/_duplicates/')).toEqual(['state/_duplicates/jobs/2024-01-02'])
  world.putRaw('a.jsonl', ['a', 'b'])
  await runDay(world)
  expect(await verify()).not.toHaveProperty('duplicates')
  expect(world.keys('state/_duplicates/')).toEqual([])
})

test('of a dataset whose checks ask for no unique rows any more, no duplicates are told', async () => {
  const { world, data, verify } = await startVerifyWorld({}, [{ check: 'notNull', column: 'id' }])
  await putDayEntry(data, DUPLICATES, { dataset: 'jobs', date: '2024-01-02' }, { told: ['unique id'] })
  await putDayEntry(data, DUPLICATES, { dataset: 'jobs-2', date: '2024-01-02' }, { told: ['unique id'] })
  expect(await verify()).toEqual({ verified: 0, moved: 0, mismatched: 0, cause: '' })
  expect(world.keys('state/_duplicates/')).toEqual(['state/_duplicates/jobs-2/2024-01-02'])
})

test('a column that cannot be looked at is told, and the day is verified', async () => {
  const { world, problems, verify } = await startVerifyWorld({}, [{ check: 'unique', columns: ['gone'] }])
  await publishDays(world, ['2024-01-02'])
  expect(await verify()).toMatchObject({ verified: 1, mismatched: 0 })
  expect(problems.join()).toContain('gone')
})

test('days whose duplicates could not be searched stay on the list until they are', async () => {
  const hooks: { beforeEnd?: () => Promise<void> } = {}
  const { world, problems, verify, cancel } = await startVerifyWorld(hooks, UNIQUE_ID)
  world.putRaw('a.jsonl', ['a', 'a'])
  await runDay(world)
  await verify()
  expect(world.keys('state/_duplicates/')).toHaveLength(1)
  world.putRaw('a.jsonl', ['a', 'b'])
  await runDay(world)
  let queries = 0
  hooks.beforeEnd = async () => {
    if (++queries === 2) await cancel()
  }
  expect(await verify()).toMatchObject({ verified: 1, moved: 0, mismatched: 0 })
  expect(problems).toEqual([expect.stringContaining('cancelled')])
  expect(unverified(world)).toHaveLength(1)
  await verify()
  expect(problems).toHaveLength(1)
  expect(unverified(world)).toEqual([])
  expect(world.keys('state/_duplicates/')).toEqual([])
})

test('a check that cannot be judged keeps neither others nor what was found of an earlier generation', async () => {
  const { world, data, problems, verify } = await startVerifyWorld({}, [
    { check: 'unique', columns: ['gone'] },
    ...UNIQUE_ID,
  ])
  await publishDays(world, ['2024-01-02'])
  await putDayEntry(data, DUPLICATES, { dataset: 'jobs', date: '2024-01-02' }, { told: ['older'] })
  world.putRaw('a.jsonl', ['a', 'a'], { dataset: 'jobs', date: '2024-01-03' })
  await runDay(world, { day: { dataset: 'jobs', date: '2024-01-03' } })
  expect(await verify()).toMatchObject({ verified: 2, duplicates: { count: 1 } })
  expect(problems).toHaveLength(1)
  expect(unverified(world)).toEqual([])
  expect(world.keys('state/_duplicates/')).toEqual(['state/_duplicates/jobs/2024-01-03'])
})
