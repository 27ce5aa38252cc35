import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  GetCrawlerCommand,
  GetPartitionCommand,
  GetTableCommand,
  GlueClient,
  StartCrawlerCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue'
import type { ColumnSource } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { advancingClock, type AdvancingClock } from '../../clock.ts'
import type { CrawlerDeclaration } from '../../glue/crawlers.ts'
import type { StorageDescriptor } from '../../glue/model.ts'
import { createFaults, type Faults, type StepFault } from '../../protocol/faults.ts'
import { glueService } from '../../glue/service.ts'
import { clientFor, fileIn, parquetTable, partKey, putParquet, s3In, temporaryHome } from '../support/home.ts'
import { homePaths } from '../../home/paths.ts'
import { latch } from '../support/latch.ts'

const JOBS = parquetTable('jobs', { job_id: 'string', salary: 'double', views: 'bigint' })
const TABLE = { DatabaseName: 'dayfold', Name: 'jobs' }
const CRAWLER: CrawlerDeclaration = {
  Name: 'dayfold-jobs',
  Targets: { CatalogTargets: [{ DatabaseName: 'dayfold', Tables: ['jobs'] }] },
  SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
  Configuration: configuration('MergeNewColumns', 'InheritFromTable'),
}
const UPDATING: CrawlerDeclaration = {
  ...CRAWLER,
  SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
}
const ROWS: ColumnSource[] = [
  { name: 'job_id', data: ['a', 'b'], type: 'STRING' },
  { name: 'salary', data: [1.5, null], type: 'DOUBLE' },
]

interface Options {
  readonly beforeCrawl?: () => Promise<void>
  readonly faults?: Faults
  readonly clock?: AdvancingClock
  readonly crawler?: CrawlerDeclaration
}

/** Returns a crawler's Configuration with these behaviors for tables and partitions. */
function configuration(tables?: string, partitions?: string): string {
  const CrawlerOutput = {
    ...(tables !== undefined && { Tables: { AddOrUpdateBehavior: tables } }),
    ...(partitions !== undefined && { Partitions: { AddOrUpdateBehavior: partitions } }),
  }
  return JSON.stringify({ Version: 1, CrawlerOutput })
}

async function start(home: string, { crawler = CRAWLER, ...options }: Options = {}) {
  const service = glueService({
    home,
    database: 'dayfold',
    tables: [JOBS],
    crawlers: [crawler],
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
  const columns = async () => {
    const { input, partitions } = await service.catalog.table('jobs')
    const names = (found: StorageDescriptor | undefined) => found?.Columns?.map(({ Name }) => Name)
    const ofPartitions = [...partitions.values()].map(({ descriptor }) => names(descriptor))
    return { table: names(input.StorageDescriptor), partitions: ofPartitions }
  }
  return { client, service, catalog: service.catalog, begin, crawl, get, locations, columns }
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

test('a crawl whose end cannot be written has failed', async () => {
  const home = temporaryHome()
  const { crawl } = await start(home)
  mkdirSync(dirname(dirname(homePaths(home).crawler('dayfold', CRAWLER.Name))), { recursive: true })
  writeFileSync(dirname(homePaths(home).crawler('dayfold', CRAWLER.Name)), 'no folder')
  expect(await crawl()).toMatchObject({
    State: 'READY',
    LastCrawl: { Status: 'FAILED', ErrorMessage: expect.stringContaining('EEXIST') as string },
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

describe('a crawler that has found columns that the table lacks', () => {
  const DAY = '2024-01-01'
  const EXTRA: ColumnSource = { name: 'extra', data: [true, false], type: 'BOOLEAN' }

  /** Starts with a day of the table's columns and a new day; the file of each has a column that the table lacks. */
  async function startWith(crawler: CrawlerDeclaration) {
    const home = temporaryHome()
    for (const day of [DAY, '2024-01-02']) putParquet(home, partKey('jobs', day), [...ROWS, EXTRA])
    const started = await start(home, { crawler })
    const { StorageDescriptor } = JOBS
    const Location = 's3://data/replacements/x/'
    await started.catalog.createPartition('jobs', {
      Values: [DAY],
      StorageDescriptor: { ...StorageDescriptor, Location },
    })
    return started
  }
  const [OWN, FILE] = [
    ['job_id', 'salary', 'views'],
    ['job_id', 'salary', 'extra'],
  ]
  const MERGED = [...OWN, 'extra']

  test.each<[string, CrawlerDeclaration, { table: string[]; known: string[]; added: string[] }]>([
    ['LOG: changes nothing but adds the day', CRAWLER, { table: OWN, known: OWN, added: OWN }],
    [
      'LOG without InheritFromTable: a new day has the columns of its file',
      { ...CRAWLER, Configuration: configuration('MergeNewColumns') },
      { table: OWN, known: OWN, added: FILE },
    ],
    [
      'UPDATE_IN_DATABASE with MergeNewColumns and InheritFromTable: all get the columns of both',
      UPDATING,
      { table: MERGED, known: MERGED, added: MERGED },
    ],
    [
      'UPDATE_IN_DATABASE with MergeNewColumns alone: partitions have the columns of their files',
      { ...UPDATING, Configuration: configuration('MergeNewColumns') },
      { table: MERGED, known: FILE, added: FILE },
    ],
    [
      'UPDATE_IN_DATABASE alone: what files lack is gone',
      { ...UPDATING, Configuration: configuration() },
      { table: FILE, known: FILE, added: FILE },
    ],
    [
      'without a word: as UPDATE_IN_DATABASE alone',
      { Name: CRAWLER.Name, Targets: CRAWLER.Targets },
      { table: FILE, known: FILE, added: FILE },
    ],
  ])('%s', async (_what, crawler, { table, known, added }) => {
    const { crawl, columns, locations } = await startWith(crawler)
    expect(await crawl()).toMatchObject({ LastCrawl: { Status: 'SUCCEEDED' } })
    expect(await columns()).toEqual({ table, partitions: [known, added] })
    expect((await locations())[DAY]).toBe('s3://data/replacements/x/')
  })
})

test('a column that was dropped comes back from old files where the policy updates, and stays away where it logs', async () => {
  const home = temporaryHome()
  putParquet(home, partKey('jobs', '2024-01-01'), ROWS)
  const { catalog } = await start(home)
  await (await start(home)).crawl()
  const { input } = await catalog.table('jobs')
  const Columns = input.StorageDescriptor!.Columns!.filter(({ Name }) => Name !== 'salary')
  const drop = { ...input, StorageDescriptor: { ...input.StorageDescriptor, Columns } }
  await catalog.updateTable('jobs', drop)
  const logging = await start(home)
  await logging.crawl()
  expect((await logging.columns()).table).toEqual(['job_id', 'views'])
  const updating = await start(home, { crawler: UPDATING })
  await updating.crawl()
  expect((await updating.columns()).table).toEqual(['job_id', 'views', 'salary'])
})

describe('a crawl that a fault holds between listing and writing', () => {
  const HOUR = 3_600_000
  const DAYS = ['2024-01-01', '2024-01-02', '2024-01-03']

  async function startHeld(fault: StepFault = {}) {
    const home = temporaryHome()
    const clock = advancingClock()
    const told: string[] = []
    const faults = createFaults({
      steps: ({ name, key }) =>
        name === 'write-crawl' && key === 'jobs' ? { waitMilliseconds: HOUR, ...fault } : undefined,
      afterWrite: (_, { operation, key }) => void told.push(`${operation} ${key}`),
    })
    const started = await start(home, { clock, faults })
    const hold = async () => {
      await started.begin()
      await expect.poll(() => clock.sleepers).toBe(1)
    }
    return { ...started, home, clock, told, hold }
  }

  test('runs, by the clock, and writes what it found then over what the catalog says now', async () => {
    const { home, clock, told, hold, get, begin, service, catalog, locations, client } = await startHeld()
    for (const day of DAYS.slice(0, 2)) putParquet(home, partKey('jobs', day), ROWS)
    clock.advance(HOUR)
    const startedAt = clock.now()
    await hold()
    expect(await get()).toMatchObject({ State: 'RUNNING' })
    expect((await get())?.LastCrawl).toBeUndefined()
    await expect(begin()).rejects.toMatchObject({ name: 'CrawlerRunningException' })
    putParquet(home, partKey('jobs', DAYS[2]!), ROWS)
    const elsewhere = 's3://data/replacements/x/'
    await catalog.createPartition('jobs', { Values: [DAYS[0]!], StorageDescriptor: { Location: elsewhere } })
    clock.advance(HOUR)
    await service.idle()
    const crawler = await get()
    expect(crawler).toMatchObject({ State: 'READY', LastCrawl: { Status: 'SUCCEEDED' } })
    expect(Math.abs(crawler!.LastCrawl!.StartTime!.getTime() - startedAt)).toBeLessThan(5000)
    expect(await locations()).toEqual({
      [DAYS[0]!]: elsewhere,
      [DAYS[1]!]: `s3://data/processed/jobs/day_partition=${DAYS[1]}/`,
    })
    expect(told).toEqual([`CreatePartition jobs/${DAYS[1]}`])
    const of = { DatabaseName: 'dayfold', TableName: 'jobs', PartitionValues: [DAYS[1]!] }
    const { Partition } = await client.send(new GetPartitionCommand(of))
    expect(Math.abs(Partition!.CreationTime!.getTime() - clock.now())).toBeLessThan(5000)
    await client.send(new UpdateTableCommand({ DatabaseName: 'dayfold', TableInput: JOBS }))
    const { Table } = await client.send(new GetTableCommand(TABLE))
    expect(Math.abs(Table!.UpdateTime!.getTime() - clock.now())).toBeLessThan(5000)
  })

  test('may set Locations of known days back, where their folders hold files', async () => {
    const { home, clock, told, hold, service, catalog, locations } = await startHeld({ setsLocations: true })
    putParquet(home, partKey('jobs', DAYS[0]!), ROWS)
    for (const day of DAYS.slice(0, 2))
      await catalog.createPartition('jobs', {
        Values: [day],
        StorageDescriptor: { Location: `s3://data/replacements/${day}/` },
      })
    await hold()
    clock.advance(HOUR)
    await service.idle()
    expect(await locations()).toEqual({
      [DAYS[0]!]: `s3://data/processed/jobs/day_partition=${DAYS[0]}/`,
      [DAYS[1]!]: `s3://data/replacements/${DAYS[1]}/`,
    })
    expect(told).toEqual([`UpdatePartition jobs/${DAYS[0]}`])
  })

  test('is broken off by closing, and no last crawl', async () => {
    const { hold, service, get } = await startHeld()
    await hold()
    await service.close()
    expect((await get())?.LastCrawl).toBeUndefined()
  })
})
