import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { GetCrawlerCommand, GlueClient, StartCrawlerCommand, UpdateTableCommand } from '@aws-sdk/client-glue'
import type { ColumnSource } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { createFaults, type Faults } from '../../protocol/faults.ts'
import { glueService } from '../../glue/service.ts'
import { clientFor, fileIn, parquetTable, partKey, putParquet, s3In, temporaryHome } from '../support/home.ts'
import { latch } from '../support/latch.ts'

const JOBS = parquetTable('jobs', { job_id: 'string', salary: 'double', views: 'bigint' })
const CRAWLER = {
  Name: 'dayfold-jobs',
  Targets: { CatalogTargets: [{ DatabaseName: 'dayfold', Tables: ['jobs'] }] },
}
const ROWS: ColumnSource[] = [
  { name: 'job_id', data: ['a', 'b'], type: 'STRING' },
  { name: 'salary', data: [1.5, null], type: 'DOUBLE' },
]

interface Options {
  readonly beforeCrawl?: () => Promise<void>
  readonly faults?: Faults
}

async function start(home: string, options: Options = {}) {
  const service = glueService({
    home,
    database: 'dayfold',
    tables: [JOBS],
    crawlers: [CRAWLER],
    filePath: s3In(home).filePath,
    ...options,
  })
  const client = new GlueClient(await clientFor(service))
  const get = async () => (await client.send(new GetCrawlerCommand({ Name: CRAWLER.Name }))).Crawler
  const begin = () => client.send(new StartCrawlerCommand({ Name: CRAWLER.Name }))
  const crawl = async () => {
    await begin()
    await service.idle()
    return get()
  }
  const locations = async (): Promise<Record<string, string | undefined>> =>
    Object.fromEntries(
      [...(await service.catalog.table('jobs')).partitions.values()].map(({ values, descriptor }) => [
        values[0]!,
        descriptor.Location,
      ]),
    )
  return { client, catalog: service.catalog, begin, crawl, get, locations }
}

test('folders with data get a partition with the descriptor of the table', async () => {
  const home = temporaryHome()
  putParquet(home, partKey('jobs', '2024-01-02'), ROWS)
  putParquet(home, partKey('jobs', '2024-01-01'), ROWS)
  const { crawl, catalog, locations } = await start(home)
  expect(await crawl()).toMatchObject({ State: 'READY', LastCrawl: { Status: 'SUCCEEDED' } })
  expect(await locations()).toEqual({
    '2024-01-01': 's3://data/processed/jobs/day_partition=2024-01-01/',
    '2024-01-02': 's3://data/processed/jobs/day_partition=2024-01-02/',
  })
  const [partition] = (await catalog.table('jobs')).partitions.values()
  expect(partition?.descriptor).toMatchObject({
    Columns: JOBS.StorageDescriptor!.Columns,
    SerdeInfo: JOBS.StorageDescriptor!.SerdeInfo,
  })
})

test('partitions that exist keep their Location, and one whose folder is gone stays', async () => {
  const home = temporaryHome()
  putParquet(home, partKey('jobs', '2024-01-01'), ROWS)
  putParquet(home, partKey('jobs', '2024-01-02'), ROWS)
  const { crawl, catalog, locations } = await start(home)
  const staged = { Location: 's3://data/staging/x/parts/' }
  await catalog.createPartition('jobs', { Values: ['2024-01-01'], StorageDescriptor: staged })
  await crawl()
  rmSync(fileIn(home)('data', 'processed/jobs/day_partition=2024-01-02'), { recursive: true })
  await crawl()
  expect(await locations()).toEqual({
    '2024-01-01': 's3://data/staging/x/parts/',
    '2024-01-02': 's3://data/processed/jobs/day_partition=2024-01-02/',
  })
})

test('folders without data, hidden names and foreign folders get none', async () => {
  const home = temporaryHome()
  mkdirSync(fileIn(home)('data', 'processed/jobs/day_partition=2024-01-01'), { recursive: true })
  putParquet(home, partKey('jobs', '2024-01-02', '_temporary.parquet'), ROWS)
  putParquet(home, partKey('jobs', '2024-01-03', '.hidden.parquet'), ROWS)
  putParquet(home, 'processed/jobs/month=2024-01/x.parquet', ROWS)
  mkdirSync(fileIn(home)('data', 'processed/jobs/day_partition=2024-01-04'))
  writeFileSync(fileIn(home)('data', partKey('jobs', '2024-01-04')), '')
  const { crawl, locations } = await start(home)
  expect(await crawl()).toMatchObject({ LastCrawl: { Status: 'SUCCEEDED' } })
  expect(await locations()).toEqual({})
})

test('a table without any object yet is crawled without a complaint', async () => {
  const { crawl, locations } = await start(temporaryHome())
  expect(await crawl()).toMatchObject({ LastCrawl: { Status: 'SUCCEEDED' } })
  expect(await locations()).toEqual({})
})

test('columns that combine with the table are fine: missing ones, surplus ones, narrower numbers', async () => {
  const home = temporaryHome()
  putParquet(home, partKey('jobs', '2024-01-01'), [
    { name: 'views', data: [1, 2], type: 'INT32' },
    { name: 'extra', data: [true, false], type: 'BOOLEAN' },
  ])
  const { crawl, locations } = await start(home)
  expect(await crawl()).toMatchObject({ LastCrawl: { Status: 'SUCCEEDED' } })
  expect(Object.keys(await locations())).toEqual(['2024-01-01'])
})

test('a file whose columns do not fit fails the crawl with a message that names file, column and types', async () => {
  const home = temporaryHome()
  putParquet(home, partKey('jobs', '2024-01-01'), ROWS)
  putParquet(home, partKey('jobs', '2024-01-02'), [{ name: 'salary', data: ['12k'], type: 'STRING' }])
  const { crawl, locations } = await start(home)
  const crawler = await crawl()
  expect(crawler?.LastCrawl?.Status).toBe('FAILED')
  expect(crawler?.LastCrawl?.ErrorMessage).toMatch(/2024-01-02\/part-.*salary: expected double, found string/)
  expect(Object.keys(await locations())).toEqual(['2024-01-01'])
})

test('a file that is no Parquet fails the crawl', async () => {
  const home = temporaryHome()
  putParquet(home, partKey('jobs', '2024-01-01'), ROWS)
  writeFileSync(fileIn(home)('data', partKey('jobs', '2024-01-01')), 'this is not what it says it is')
  const { crawl } = await start(home)
  expect(await crawl()).toMatchObject({ LastCrawl: { Status: 'FAILED' } })
})

test.each([
  ['s3://../x/', 'expected 3 to 63'],
  ['s3://absent/x/', 'does not exist'],
  ['s3://data/../../x/', 'segments'],
])('a table at %s, which is no place in a bucket, fails the crawl', async (Location, message) => {
  const home = temporaryHome()
  putParquet(home, '../../x/day_partition=2024-01-01/part.parquet', ROWS)
  const { client, crawl, locations } = await start(home)
  const TableInput = { ...JOBS, StorageDescriptor: { ...JOBS.StorageDescriptor, Location } }
  await client.send(new UpdateTableCommand({ DatabaseName: 'dayfold', TableInput }))
  const crawler = await crawl()
  expect(crawler?.LastCrawl).toMatchObject({
    Status: 'FAILED',
    ErrorMessage: expect.stringContaining(message) as string,
  })
  expect(await locations()).toEqual({})
})

test('a crawler that runs cannot be started again until it is done', async () => {
  const home = temporaryHome()
  const gate = latch()
  const { client, begin, get, crawl } = await start(home, { beforeCrawl: () => gate.opened })
  await begin()
  expect(await get()).toMatchObject({ State: 'RUNNING' })
  await expect(begin()).rejects.toMatchObject({ name: 'CrawlerRunningException' })
  gate.open()
  await expect.poll(async () => (await get())?.State).toBe('READY')
  expect(await crawl()).toMatchObject({ LastCrawl: { Status: 'SUCCEEDED' } })
  const unknown = client.send(new StartCrawlerCommand({ Name: 'other' }))
  await expect(unknown).rejects.toMatchObject({ name: 'EntityNotFoundException' })
})

test('how the last crawl went outlives the process', async () => {
  const home = temporaryHome()
  await (await start(home)).crawl()
  expect(await (await start(home)).get()).toMatchObject({
    State: 'READY',
    LastCrawl: { Status: 'SUCCEEDED' },
  })
})

test('each partition that a crawl adds is told to the faults once it is there', async () => {
  const home = temporaryHome()
  for (const day of ['2024-01-01', '2024-01-02']) putParquet(home, partKey('jobs', day), ROWS)
  const told: (string | undefined)[] = []
  const faults = createFaults({ afterWrite: (_, call) => void told.push(call.key) })
  const { crawl } = await start(home, { faults })
  await crawl()
  await crawl()
  expect(told).toEqual(['jobs/2024-01-01', 'jobs/2024-01-02'])
})
