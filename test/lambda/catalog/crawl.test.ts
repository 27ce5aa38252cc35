import { expect, test } from 'vitest'
import type { DatasetDay } from '../../../core/execution-input.ts'
import { crawlingKey } from '../../../core/layout.ts'
import type { CrawlOutput } from '../../../core/messages.ts'
import { deleteObjects, putObject } from '../../../aws/write-objects.ts'
import { crawl, MAX_POLLS } from '../../../lambda/catalog/crawl.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'
import { nextPlan } from '../../support/lambda/scenarios.ts'
import {
  addPartition,
  endRun,
  plan,
  publish,
  runDay,
  startRun,
  visibleIds,
  work,
} from '../../support/lambda/run-day.ts'
import { DAY, DEPLOYMENT, fileOf, HELD, OVER, startWorld, type World } from '../../support/lambda/world.ts'

const EXECUTION = { arn: 'arn:crawl', name: 'crawl' }

function look(world: World, previous?: CrawlOutput, leaseSeconds = HELD): Promise<CrawlOutput> {
  const { ledger } = world.process('crawl', EXECUTION.arn, leaseSeconds)
  const redriveCount = previous?.redriveCount ?? 0
  const input = { execution: EXECUTION, redriveCount, failedDays: '', ...(previous && { previous }) }
  return crawl(input, { ledger, deployment: DEPLOYMENT })
}

async function partitions(world: World): Promise<string[]> {
  return [...(await world.glue.catalog.table('jobs')).partitions.keys()]
}

test('no crawler runs while the catalog has every day', async () => {
  const world = await startWorld()
  expect(await look(world)).toEqual({
    action: 'done',
    redriveCount: 0,
    started: {},
    waitingFor: [],
    polls: 1,
  })
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  await addPartition(world)
  expect(await look(world)).toMatchObject({ action: 'done', started: {} })
})

test('a day that the catalog lacks starts the crawler, whoever published it', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const first = await look(world)
  expect(first).toMatchObject({ action: 'wait', started: { jobs: 1 }, waitingFor: ['jobs'], polls: 1 })
  await world.glue.idle()
  expect(await look(world, first)).toMatchObject({ action: 'done', started: { jobs: 1 }, polls: 2 })
  expect(await partitions(world)).toEqual([DAY.date])
  expect(world.keys('state/_crawling/')).toEqual([])
})

test('a crawler that was running already is waited for, and the catalog is looked at again', async () => {
  const crawling = latch()
  const world = await startWorld({ beforeCrawl: () => crawling.opened })
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  await look(world)
  const other = await look(world)
  expect(other).toMatchObject({ action: 'wait', started: {} })
  crawling.open()
  await world.glue.idle()
  expect(await look(world, other)).toMatchObject({ action: 'done' })
})

test('no crawl starts while files are being replaced, and one that nobody finishes is finished first', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  world.putRaw('a.jsonl', ['a2'])
  const run = startRun(world, { caller: 'publisher' })
  const order = await work(run, await plan(run))
  // The entry, the intent, and the first copy.
  world.dieAfter('publisher', 3)
  await expect(publish(run, order)).rejects.toThrow()
  const waiting = await look(world)
  expect(waiting).toMatchObject({ action: 'wait', started: {} })
  expect(await partitions(world)).toEqual([])
  const started = await look(world, waiting, OVER)
  expect(started).toMatchObject({ started: { jobs: 1 } })
  await world.glue.idle()
  expect(await visibleIds(world)).toEqual(['a2'])
})

test('files are replaced only when no crawler runs or is being started', async () => {
  const crawling = latch()
  const world = await startWorld({ beforeCrawl: () => crawling.opened })
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  await look(world)
  world.putRaw('a.jsonl', ['a2'])
  const run = startRun(world, { leaseSeconds: HELD })
  const order = await work(run, await plan(run))
  await expect(publish(run, order)).rejects.toMatchObject({ code: 'CatalogBusy' })
  crawling.open()
  await world.glue.idle()
  const { ledger } = world.process('crawl', EXECUTION.arn)
  await putObject(ledger.data, crawlingKey('jobs'), '{}')
  await expect(publish(run, order)).rejects.toMatchObject({ code: 'CatalogBusy' })
  // A flag that somebody left behind counts for as long as a lease.
  const later = { ...run, context: { ...run.context, ...world.process('later', run.arn, OVER) } }
  expect(await publish(later, order)).toMatchObject({ won: true })
  expect(await visibleIds(world)).toEqual(['a2'])
})

test('a partition that points elsewhere is put right', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  await addPartition(world)
  const { input } = await world.glue.catalog.table('jobs')
  const Location = 's3://data/staging/jobs/gone/parts/'
  await world.glue.catalog.updatePartition('jobs', {
    Values: [DAY.date],
    StorageDescriptor: { ...input.StorageDescriptor, Location },
  })
  expect(await visibleIds(world)).toEqual([])
  expect(await look(world)).toMatchObject({ action: 'done' })
  expect(await visibleIds(world)).toEqual(['a1'])
})

test('a crawl that failed is told with its message', async () => {
  const world = await startWorld({ beforeCrawl: () => Promise.reject(new Error('no access')) })
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const first = await look(world)
  await world.glue.idle()
  await expect(look(world, first)).rejects.toThrow(/Crawler test-jobs: .* it failed: no access/)
})

test('it does not wait for ever', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const waiting = { action: 'wait', started: {}, waitingFor: ['jobs'] } as const
  const previous = { ...waiting, redriveCount: 0, polls: MAX_POLLS }
  await expect(look(world, previous)).rejects.toMatchObject({ code: 'CrawlFailed' })
})

test('a redrive starts a crawler that has failed once more, and counts anew', async () => {
  const crawls = [() => Promise.reject(new Error('no access')), () => Promise.resolve()]
  const world = await startWorld({ beforeCrawl: () => crawls.shift()!() })
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const first = await look(world)
  await world.glue.idle()
  await expect(look(world, first)).rejects.toMatchObject({ code: 'CrawlFailed' })
  const { ledger } = world.process('crawl', EXECUTION.arn)
  const previous = { ...first, polls: MAX_POLLS }
  const redriven = await crawl(
    { execution: EXECUTION, redriveCount: 1, failedDays: '', previous },
    { ledger, deployment: DEPLOYMENT },
  )
  expect(redriven).toMatchObject({ action: 'wait', redriveCount: 1, started: { jobs: 1 }, polls: 1 })
  await world.glue.idle()
  expect(await look(world, redriven)).toMatchObject({ action: 'done' })
})

test('a crawl that failed tells of failed days as well, as it ends the execution in their place', async () => {
  const world = await startWorld({ beforeCrawl: () => Promise.reject(new Error('no access')) })
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const previous = await look(world)
  await world.glue.idle()
  const { ledger } = world.process('crawl', EXECUTION.arn)
  const told = crawl(
    { execution: EXECUTION, redriveCount: 0, failedDays: '1 of 2 dataset-days failed.', previous },
    { ledger, deployment: DEPLOYMENT },
  )
  await expect(told).rejects.toMatchObject({ code: 'CrawlFailed', name: 'CrawlFailed' })
  await expect(told).rejects.toThrow(/it failed: no access.* 1 of 2 dataset-days failed\.$/s)
})

test('a day whose publish Crawl had to give up joins the items of the next execution', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const run = startRun(world, { caller: 'publisher' })
  const order = await work(run, await plan(run))
  // The entry and the intent.
  world.dieAfter('publisher', 2)
  await expect(publish(run, order)).rejects.toThrow()
  endRun(run)
  const { ledger } = world.process('lifecycle', 'lifecycle')
  await deleteObjects(ledger.data, world.keys('staging/'))
  const other: DatasetDay = { dataset: DAY.dataset, date: '2023-12-31' }
  world.putRaw('b.jsonl', ['b1'], other)
  await runDay(world, { day: other })
  await look(world, undefined, OVER)
  await world.glue.idle()
  expect(world.keys('state/_open/')).toEqual([])
  // Whatever days it is for, and as long as none has worked on it.
  for (const caller of ['next', 'later']) {
    const { output, swept } = await nextPlan(world, caller)
    expect(swept).toEqual([])
    expect(JSON.parse(fileOf(world, output.items.key).toString())).toContainEqual(DAY)
  }
})
