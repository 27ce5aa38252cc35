import { expect, test } from 'vitest'
import { putObject } from '../../../aws/write-objects.ts'
import { attemptKey, AWAY, dayEntryKey, summaryKey } from '../../../core/layout.ts'
import { EMPTY_MANIFEST } from '../../../core/manifest.ts'
import type { CrawlOutput, DayOutcome, Summary } from '../../../core/messages.ts'
import { crawl, MAX_POLLS } from '../../../lambda/catalog/crawl.ts'
import { setCatalogRight } from '../../../lambda/catalog/set-right.ts'
import { putAwayEntry } from '../../../lambda/ledger/away-entries.ts'
import { raiseCrawlingFlag } from '../../../lambda/ledger/crawling-flag.ts'
import { readManifest, writeManifest } from '../../../lambda/ledger/manifest-store.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'
import { pointElsewhere } from '../../support/lambda/partition-location.ts'
import { publishedOf, runDay, visibleIds } from '../../support/lambda/run-day.ts'
import { emptySummary } from '../../support/lambda/run-files.ts'
import { DATASET, DEPLOYMENT } from '../../support/lambda/dataset.ts'
import { DAY, OVER, startWorld, type World } from '../../support/lambda/world.ts'

const EXECUTION = { arn: 'arn:crawl', name: 'crawl' }
const LONG = { graceSeconds: 1e9 }

interface LookOptions {
  readonly previous?: CrawlOutput
  readonly redriveCount?: number
  readonly deployment?: typeof DEPLOYMENT
  readonly failedDays?: string
  readonly leaseSeconds?: number | undefined
}

function look(world: World, options: LookOptions = {}): Promise<CrawlOutput> {
  const { previous, deployment = DEPLOYMENT, failedDays = '', leaseSeconds } = options
  const { ledger } = world.process('crawl', EXECUTION.arn, { leaseSeconds })
  const redriveCount = options.redriveCount ?? previous?.redriveCount ?? 0
  const input = { execution: EXECUTION, redriveCount, failedDays, ...(previous && { previous }) }
  return crawl(input, { ledger, deployment })
}

/** Runs the day and writes the summary of its execution, as Collect does. */
async function runWithSummary(world: World): Promise<DayOutcome> {
  const outcome = await runDay(world)
  const { ledger } = world.process('collect', EXECUTION.arn)
  await putObject(ledger.data, summaryKey(EXECUTION.name), JSON.stringify(summaryOf(outcome)))
  return outcome
}

const summaryOf = (outcome: DayOutcome): Summary => ({ ...emptySummary(EXECUTION), days: [outcome] })

async function published(options: Parameters<typeof startWorld>[0] = {}): Promise<World> {
  const world = await startWorld(options)
  world.putRaw('a.jsonl', ['a1'])
  await runWithSummary(world)
  return world
}

test('a new day is in the catalog before any crawler has run', async () => {
  const world = await published()
  expect([...(await world.glue.catalog.table('jobs')).partitions.keys()]).toEqual([DAY.date])
  expect(await visibleIds(world)).toEqual(['a1'])
})

test('the crawler runs after an execution that has published a new day, and is waited for', async () => {
  const world = await published()
  const first = await look(world)
  expect(first).toEqual({ action: 'wait', redriveCount: 0, waitingFor: ['jobs'], polls: 1, warnings: [] })
  await world.glue.idle()
  expect(await look(world, { previous: first })).toMatchObject({ action: 'done', polls: 2, warnings: [] })
  expect(world.keys('state/_crawling/')).toEqual([])
  expect(await visibleIds(world)).toEqual(['a1'])
})

test.each([
  ['stays while its lease runs', undefined, ['gone', 'jobs']],
  ['is removed after it, whether or not a crawler is to run', OVER, []],
])('a flag that a function has left %s', async (_, leaseSeconds, left) => {
  const world = await startWorld()
  const { ledger } = world.process('dead', 'arn:dead')
  for (const table of ['gone', DAY.dataset]) await raiseCrawlingFlag(ledger, table)
  await look(world, { leaseSeconds })
  expect(world.keys('state/_crawling/')).toEqual(left.map((table) => `state/_crawling/${table}`))
})

test('no crawler runs after an execution that has published none, nor where none is wanted', async () => {
  const world = await published()
  const { crawler, ...dataset } = DATASET
  expect(crawler).toBeDefined()
  const unwanted = await look(world, { deployment: { datasets: [dataset] } })
  expect(unwanted).toMatchObject({ action: 'done', waitingFor: [], warnings: [] })
  world.putRaw('b.jsonl', ['b1'])
  expect(await runWithSummary(world)).toMatchObject({ status: 'published', kind: 'extend' })
  expect(await look(world)).toMatchObject({ action: 'done', waitingFor: [], warnings: [] })
})

test('a crawler that is running already is left alone', async () => {
  const crawling = latch()
  const world = await published({ beforeCrawl: () => crawling.opened })
  await look(world)
  expect(await look(world)).toMatchObject({ action: 'done', waitingFor: [], warnings: [] })
  crawling.open()
  await world.glue.idle()
})

test('a rebuild does not wait for a crawl: it goes to a folder of its own, and home when the crawl is over', async () => {
  const crawling = latch()
  const world = await published({ beforeCrawl: () => crawling.opened })
  await look(world)
  world.putRaw('a.jsonl', ['a2'])
  expect(await runDay(world)).toMatchObject({ status: 'published', kind: 'rebuild' })
  const { location } = await publishedOf(world)
  expect(location).toMatch(/^replacements\/jobs\/day_partition=2024-01-02\/g2-/)
  expect(world.keys('processed/')).toHaveLength(1)
  expect(await runDay(world)).toMatchObject({ status: 'unchanged' })
  expect((await publishedOf(world)).location).toBe(location)
  crawling.open()
  await world.glue.idle()
  expect(await runDay(world)).toMatchObject({
    status: 'unchanged',
    why: expect.stringContaining('went home') as string,
  })
  expect((await publishedOf(world)).location).toBe('processed/jobs/day_partition=2024-01-02/')
  expect(world.keys('replacements/')).toEqual([])
  expect(await visibleIds(world)).toEqual(['a2'])
})

test('a partition that points elsewhere is set right, and whoever was shown the other folder has the grace', async () => {
  const world = await published()
  world.putRaw('a.jsonl', ['a2'])
  await runDay(world, LONG)
  const { ledger } = world.process('looker', 'looker')
  const before = (await readManifest(ledger.data, DAY)).manifest
  await pointElsewhere(world, 's3://data/processed/jobs/day_partition=2024-01-02/')
  expect(await visibleIds(world)).toEqual(['a1'])
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect(await look(world)).toMatchObject({ warnings: [] })
  expect(await visibleIds(world)).toEqual(['a2'])
  const after = (await readManifest(ledger.data, DAY)).manifest
  expect(Date.parse(after.retiredSince!)).toBeGreaterThan(Date.parse(before.retiredSince!))
  expect(after.published).toEqual(before.published)
})

test('a partition that is gone is made again', async () => {
  const world = await published()
  await world.glue.catalog.deletePartition('jobs', [DAY.date])
  await look(world)
  expect(await visibleIds(world)).toEqual(['a1'])
  expect([...(await world.glue.catalog.table('jobs')).partitions.keys()]).toEqual([DAY.date])
})

test('an entry of a day that came home goes, one of a day that is away stays', async () => {
  const world = await published()
  const { ledger } = world.process('tender', 'tender')
  await putAwayEntry(ledger.data, DAY)
  await look(world)
  expect(world.keys(AWAY)).toEqual([])
  world.putRaw('a.jsonl', ['a2'])
  await runDay(world, LONG)
  await look(world)
  expect(world.keys(AWAY)).toEqual([dayEntryKey(AWAY, DAY.dataset, DAY.date)])
})

test('a crawl that failed is a warning with its message', async () => {
  const world = await published({ beforeCrawl: () => Promise.reject(new Error('no access')) })
  const first = await look(world)
  await world.glue.idle()
  expect(await look(world, { previous: first })).toMatchObject({
    action: 'done',
    warnings: [expect.stringMatching(/^Crawler of jobs: .*no access/)],
  })
})

test('it does not wait for ever', async () => {
  const crawling = latch()
  const world = await published({ beforeCrawl: () => crawling.opened })
  const first = await look(world)
  const previous = { ...first, waitingFor: ['jobs', 'other'], polls: MAX_POLLS - 2 }
  const last = await look(world, { previous })
  expect(last).toMatchObject({ action: 'wait', warnings: [] })
  expect(await look(world, { previous: last })).toMatchObject({
    action: 'done',
    warnings: [`Crawlers are still running after ${MAX_POLLS} looks: jobs, other`],
  })
  crawling.open()
  await world.glue.idle()
})

test('a redrive starts a crawler that has failed once more, and counts anew', async () => {
  const crawls = [() => Promise.reject(new Error('no access')), () => Promise.resolve()]
  const world = await published({ beforeCrawl: () => crawls.shift()!() })
  const first = await look(world)
  await world.glue.idle()
  const failed = await look(world, { previous: first })
  const redriven = await look(world, { previous: failed, redriveCount: 1 })
  expect(redriven).toMatchObject({ action: 'wait', redriveCount: 1, polls: 1, warnings: [] })
  await world.glue.idle()
  expect(await look(world, { previous: redriven })).toMatchObject({ action: 'done', warnings: [] })
})

test('a day of which nothing is published needs no partition, with a manifest or without', async () => {
  const world = await startWorld()
  const { ledger } = world.process('crawl', EXECUTION.arn)
  await putObject(ledger.data, attemptKey('jobs', '2024-01-01'), '{}')
  await writeManifest(ledger.data, DAY, EMPTY_MANIFEST, undefined)
  expect(await setCatalogRight(ledger, 'jobs')).toEqual({ setRight: [], failed: [] })
  expect((await world.glue.catalog.table('jobs')).partitions.size).toBe(0)
})

test('manifests are read of days alone that are not at home by the catalog, or are on the list of those away', async () => {
  const world = await published()
  const { ledger } = world.process('looker', 'looker')
  const told = async () => {
    const fault = { kind: 'error', code: 'AccessDenied', status: 403 } as const
    world.faults.add({ accessKeyId: 'looker', operation: 'HeadObject', nth: 1, fault })
    return (await setCatalogRight(ledger, 'jobs')).failed.length
  }
  expect(await told()).toBe(0)
  await putAwayEntry(ledger.data, DAY)
  expect(await told()).toBe(1)
})

test('one manifest that cannot be read keeps no other partition from being set right', async () => {
  const world = await published()
  const other = { dataset: DAY.dataset, date: '2024-01-03' }
  world.putRaw('b.jsonl', ['b1'], other)
  await runDay(world, { day: other })
  const { ledger } = world.process('vandal', 'vandal')
  await putObject(ledger.data, `state/jobs/day_partition=${DAY.date}/manifest.json.gz`, '{')
  for (const { date } of [DAY, other]) await world.glue.catalog.deletePartition('jobs', [date])
  const repairs: unknown[] = []
  await crawl(
    { execution: EXECUTION },
    { ledger, deployment: DEPLOYMENT, onRepaired: (_, each) => repairs.push(each) },
  )
  expect(repairs).toMatchObject([
    { setRight: [other.date], failed: [{ ...DAY, error: { code: 'CorruptState' } }] },
  ])
})

test('what ends the execution in their place tells of failed days as well', async () => {
  const world = await published()
  world.faults.add({ accessKeyId: 'crawl', operation: /^GetPartitions/, nth: 1, fault: FATAL })
  await expect(look(world, { failedDays: '1 of 2 dataset-days failed.' })).rejects.toThrow(
    / 1 of 2 dataset-days failed\.$/,
  )
})

const FATAL = { kind: 'error', code: 'AccessDeniedException', status: 400 } as const
