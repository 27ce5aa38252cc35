import { rmSync } from 'node:fs'
import { StopQueryExecutionCommand } from '@aws-sdk/client-athena'
import { expect, test } from 'vitest'
import type { Listing } from '../../athena/service.ts'
import { advancingClock } from '../../clock.ts'
import { createFaults, randomWaits, type StepSource } from '../../protocol/faults.ts'
import { jobs, startAthena } from '../support/athena.ts'
import { fileIn, partKey, putParquet } from '../support/home.ts'

const HOUR = 3_600_000
const IDS = 'SELECT job_id FROM jobs ORDER BY 1'
const NEW = 'replacements/jobs/day_partition=2024-01-01/g2-a/'

/** Starts an Athena whose queries wait an hour before the steps that `isLate` chooses. */
async function startLate(isLate: (step: Parameters<StepSource>[0]) => boolean) {
  const clock = advancingClock()
  const listings: Listing[] = []
  const faults = createFaults({
    steps: (step) => (isLate(step) ? { waitMilliseconds: HOUR } : undefined),
  })
  const athena = await startAthena({ clock, faults, onListed: (listing) => listings.push(listing) })
  const { start, end, results, catalog, home } = athena
  /** Starts a query and returns when it has begun to wait. */
  const startWaiting = async (sql = IDS) => {
    const before = clock.sleepers
    const id = await start(sql)
    await expect.poll(() => clock.sleepers).toBe(before + 1)
    return id
  }
  /** Lets the hour pass as often as the query waits for one, and returns its rows. */
  const finish = async (id: string) => {
    const ended = end(id)
    let isOver = false
    void ended.then(() => (isOver = true))
    await expect.poll(() => (isOver ? 'over' : void clock.advance(HOUR)), { timeout: 10_000 }).toBe('over')
    const { Status } = await ended
    if (Status?.State !== 'SUCCEEDED') return Status?.StateChangeReason
    return (await results(id)).ResultSet!.Rows!.slice(1).map(({ Data }) => Data![0]!.VarCharValue)
  }
  const point = (Location: string, day = '2024-01-01') =>
    catalog.updatePartition('jobs', { Values: [day], StorageDescriptor: { Location } })
  const remove = (key: string) => rmSync(fileIn(home)('data', key))
  return { ...athena, clock, listings, startWaiting, finish, point, remove }
}

const beforeListing = (day: string) => startLate(({ name, key }) => name === 'list-folder' && key === day)

test('a query that has a Location lists that folder, whatever the catalog says since', async () => {
  const { home, addDay, startWaiting, finish, point } = await beforeListing('jobs/2024-01-01')
  await addDay('2024-01-01', jobs('old'))
  const id = await startWaiting()
  putParquet(home, `${NEW}part.parquet`, jobs('new'))
  await point(`s3://data/${NEW}`)
  expect(await finish(id)).toEqual(['old'])
  expect(await finish(await startWaiting())).toEqual(['new'])
})

test('a query that lists a folder under replacement sees it as it is then: old, both or neither', async () => {
  const { home, addDay, startWaiting, finish, point, remove } = await beforeListing('jobs/2024-01-01')
  await addDay('2024-01-01', jobs('old'))
  const mixed = await startWaiting()
  putParquet(home, partKey('jobs', '2024-01-01', 'part-00002.parquet'), jobs('new'))
  expect(await finish(mixed)).toEqual(['new', 'old'])
  const empty = await startWaiting()
  await point(`s3://data/${NEW}`)
  remove(partKey('jobs', '2024-01-01'))
  remove(partKey('jobs', '2024-01-01', 'part-00002.parquet'))
  expect(await finish(empty)).toEqual([])
})

test('a file that is gone between listing and opening fails the query', async () => {
  const late = await startLate(({ name }) => name === 'open-files')
  await late.addDay('2024-01-01', jobs('old'))
  const id = await late.startWaiting()
  late.remove(partKey('jobs', '2024-01-01'))
  expect(await late.finish(id)).toMatch(/^HIVE_FILESYSTEM_ERROR: .*part-00001-00000\.parquet/)
})

test('Locations come in growing batches, newest partitions first, and each folder is listed in its turn', async () => {
  const days = Array.from({ length: 8 }, (_, index) => `2024-01-0${index + 1}`)
  const { addDay, start, finish, listings } = await startLate(({ name }) => name === 'list-folder')
  for (const day of days) await addDay(day, jobs(day))
  const id = await start(IDS)
  expect(await finish(id)).toEqual(days)
  expect(listings.map(({ values }) => values[0])).toEqual(days.toReversed())
  const times = listings.map(({ resolvedAt }) => resolvedAt)
  expect([...new Set(times)].map((at) => times.filter((time) => time === at).length)).toEqual([1, 2, 4, 1])
  expect(listings.every(({ listedAt, resolvedAt }) => listedAt - resolvedAt >= HOUR)).toBe(true)
  expect(listings[0]).toMatchObject({
    query: id,
    table: 'jobs',
    location: 's3://data/processed/jobs/day_partition=2024-01-08/',
    keys: [partKey('jobs', '2024-01-08')],
  })
})

test('a Location of a later batch is the one of when that batch is asked for', async () => {
  const { home, addDay, startWaiting, finish, point } = await beforeListing('jobs/2024-01-02')
  await addDay('2024-01-01', jobs('old'))
  await addDay('2024-01-02', jobs('second'))
  const id = await startWaiting()
  putParquet(home, `${NEW}part.parquet`, jobs('new'))
  await point(`s3://data/${NEW}`)
  expect(await finish(id)).toEqual(['new', 'second'])
})

test('a partition that is dropped before its Location is asked for fails the query', async () => {
  const { addDay, startWaiting, finish, catalog } = await beforeListing('jobs/2024-01-02')
  await addDay('2024-01-01', jobs('a'))
  await addDay('2024-01-02', jobs('b'))
  const id = await startWaiting()
  await catalog.deletePartition('jobs', ['2024-01-01'])
  expect(await finish(id)).toBe(
    'HIVE_PARTITION_DROPPED_DURING_QUERY: Partition no longer exists: jobs/2024-01-01',
  )
})

test('queries that are put off take no turn of others, and can be stopped', async () => {
  const { addDay, startWaiting, query, clock, end, athena } = await beforeListing('jobs/2024-01-01')
  await addDay('2024-01-01', jobs('a'))
  const ids = [await startWaiting(), await startWaiting(), await startWaiting()]
  expect(await query('SELECT 1 AS one')).toEqual([['one'], ['1']])
  for (const QueryExecutionId of ids) await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }))
  for (const id of ids) expect((await end(id)).Status?.State).toBe('CANCELLED')
  expect(clock.sleepers).toBe(0)
})

test('random waits follow from the seed, the step and how often it came', () => {
  const steps = ['a', 'b', 'a', 'a'].map((key) => ({ name: 'list-folder', key }) as const)
  const of = (seed: string) => {
    const source = randomWaits({ seed, mostMilliseconds: 1000, where: ({ key }) => key !== 'b' })
    return steps.map((step) => source(step)?.waitMilliseconds)
  }
  expect(of('x')).toEqual(of('x'))
  expect(of('x')).not.toEqual(of('y'))
  const [first, other, second, third] = of('x')
  expect(other).toBeUndefined()
  expect(new Set([first, second, third]).size).toBe(3)
  expect(Math.max(first!, second!, third!)).toBeLessThanOrEqual(1000)
})
