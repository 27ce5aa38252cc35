import { expect, test } from 'vitest'
import { crawlingKey } from '../../../core/layout.ts'
import type { CrawlOutput } from '../../../core/messages.ts'
import { putObject } from '../../../lambda/aws/objects.ts'
import { crawl, MAX_POLLS } from '../../../lambda/catalog/crawl.ts'
import { latch } from '../../local/support/home.ts'
import { addPartition, plan, publish, runDay, startRun, visibleIds, work } from '../support/run-day.ts'
import { DAY, DEPLOYMENT, HELD, OVER, startWorld, type World } from '../support/world.ts'

const EXECUTION = { arn: 'arn:crawl', name: 'crawl' }

function look(world: World, previous?: CrawlOutput, leaseSeconds = HELD): Promise<CrawlOutput> {
  const { ledger } = world.process('crawl', EXECUTION.arn, leaseSeconds)
  return crawl({ execution: EXECUTION, ...(previous && { previous }) }, { ledger, deployment: DEPLOYMENT })
}

async function partitions(world: World): Promise<string[]> {
  return [...(await world.glue.catalog.table('jobs')).partitions.keys()]
}

test('no crawler runs while the catalog has every day', async () => {
  const world = await startWorld()
  expect(await look(world)).toEqual({ action: 'done', started: {}, waitingFor: [], polls: 1 })
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
  expect(first).toEqual({ action: 'wait', started: { jobs: 1 }, waitingFor: ['jobs'], polls: 1 })
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
  const previous = { action: 'wait', started: {}, waitingFor: ['jobs'], polls: MAX_POLLS } as const
  await expect(look(world, previous)).rejects.toMatchObject({ code: 'CrawlFailed' })
})
