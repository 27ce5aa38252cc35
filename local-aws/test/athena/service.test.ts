import { linkSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  paginateGetQueryResults,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { expect, test } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { fileIn, parquetTable, partKey, putParquet } from '../support/home.ts'
import { latch } from '../support/latch.ts'
import { jobs, JOBS, place, startAthena } from '../support/athena.ts'

test('results come in pages of a thousand rows, the header among the first', async () => {
  const { athena, start, end } = await startAthena()
  const id = await start(
    `SELECT x, array_join(repeat('é"\n', 200), '') AS text FROM UNNEST(sequence(0, 2499)) t(x) ORDER BY x`,
  )
  await end(id)
  const sizes: number[] = []
  const seen: string[] = []
  const pages = paginateGetQueryResults({ client: athena }, { QueryExecutionId: id })
  for await (const { ResultSet } of pages) {
    sizes.push(ResultSet!.Rows!.length)
    seen.push(...ResultSet!.Rows!.map(({ Data }) => Data![0]!.VarCharValue!))
    expect(ResultSet!.Rows!.at(-1)!.Data![1]!.VarCharValue).toBe('é"\n'.repeat(200))
  }
  expect(sizes).toEqual([1000, 1000, 501])
  expect(seen).toEqual(['x', ...Array.from({ length: 2500 }, (_, index) => String(index))])
})

test('a query tells its states, its times and the bytes of its tables', async () => {
  const { start, end, addDay, home } = await startAthena()
  await addDay('2024-01-01', jobs('a'))
  const query = await end(await start('SELECT count(*) FROM jobs'))
  expect(query).toMatchObject({
    Status: { State: 'SUCCEEDED' },
    WorkGroup: 'dayfold',
    QueryExecutionContext: { Database: 'dayfold' },
    StatementType: 'DML',
  })
  expect(query.Statistics!.DataScannedInBytes).toBeGreaterThan(100)
  expect(query.Status!.CompletionDateTime!.getTime()).toBeGreaterThanOrEqual(
    query.Status!.SubmissionDateTime!.getTime(),
  )
  const work = join(homePaths(home).athena, String(process.pid))
  await expect.poll(() => readdirSync(work)).toEqual([])
})

test('two queries run at once, a third waits for its turn', async () => {
  const gate = latch()
  let begun = 0
  const bothRun = latch()
  const { start, describe, end } = await startAthena({
    beforeEnd: async () => {
      begun += 1
      if (begun === 2) bothRun.open()
      await gate.opened
    },
  })
  const ids = [await start('SELECT 1'), await start('SELECT 2'), await start('SELECT 3')]
  await bothRun.opened
  const states = await Promise.all(ids.map(async (id) => (await describe(id)).Status?.State))
  expect(states).toEqual(['RUNNING', 'RUNNING', 'QUEUED'])
  gate.open()
  for (const id of ids) expect((await end(id)).Status?.State).toBe('SUCCEEDED')
})

test('a query that runs or waits can be cancelled, and has no results then', async () => {
  const ready = latch()
  const { athena, start, end, results } = await startAthena({ beforeEnd: ready.open })
  const endless =
    'SELECT count(*) FROM UNNEST(sequence(1, 100000)) a(x), UNNEST(sequence(1, 100000)) b(y), UNNEST(sequence(1, 100000)) c(z) WHERE x % 7 = (y + z) % 11'
  const ids = [await start(endless), await start(endless), await start('SELECT 1')]
  // Cancel the waiting one first, or it would get the turn of another.
  for (const id of ids.reverse()) {
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }))
    expect((await end(id)).Status?.State).toBe('CANCELLED')
    await expect(results(id)).rejects.toThrow('CANCELLED')
  }
})

test('a request that is sent again starts nothing', async () => {
  const { start } = await startAthena()
  const ClientRequestToken = 'a'.repeat(32)
  const first = await start('SELECT 1', { ClientRequestToken })
  expect(await start('SELECT 1', { ClientRequestToken })).toBe(first)
  await expect(start('SELECT 2', { ClientRequestToken })).rejects.toThrow('Idempotent')
})

test('results of a query that is not known, or has not ended, are refused', async () => {
  const gate = latch()
  const { athena, start, results, end } = await startAthena({ beforeEnd: () => gate.opened })
  const unknown = { QueryExecutionId: 'unknown' }
  const refusal = { name: 'InvalidRequestException' }
  await expect(athena.send(new GetQueryResultsCommand(unknown))).rejects.toMatchObject(refusal)
  await expect(athena.send(new GetQueryExecutionCommand(unknown))).rejects.toMatchObject(refusal)
  const id = await start('SELECT 1')
  await expect(results(id)).rejects.toThrow('not yet finished')
  gate.open()
  await end(id)
})

test.each([
  ['another workgroup', { WorkGroup: 'primary' }, 'primary'],
  ['another database', { QueryExecutionContext: { Database: 'other' } }, 'other'],
  ['another catalog', { QueryExecutionContext: { Catalog: 'lambda' } }, 'lambda'],
  ['a field that is not implemented', { ExecutionParameters: ['1'] }, 'ExecutionParameters'],
])('a query in %s is refused', async (_, overrides, message) => {
  const { start } = await startAthena()
  await expect(start('SELECT 1', overrides)).rejects.toThrow(message)
})

test.each([
  ['SELEC 1', /^SYNTAX_ERROR/],
  ['', /./],
  ['SELECT 1; SELECT 2', /^SYNTAX_ERROR: Expected one statement/],
  ['INSERT INTO jobs VALUES (1)', /^NOT_SUPPORTED/],
  ['CREATE TABLE x AS SELECT 1', /^NOT_SUPPORTED/],
  ['DROP TABLE jobs', /^NOT_SUPPORTED/],
  ["COPY (SELECT 1) TO '/tmp/x'", /^NOT_SUPPORTED/],
  ["ATTACH '/tmp/x.db'", /^NOT_SUPPORTED/],
  ['SET enable_external_access = true', /^NOT_SUPPORTED/],
  ['SELECT * FROM nowhere', /^TABLE_NOT_FOUND/],
  ['SELECT nothing FROM jobs', /^COLUMN_NOT_FOUND/],
  ['SELECT nonsense(1)', /^FUNCTION_NOT_FOUND/],
  ["SELECT CAST('x' AS INTEGER)", /^INVALID_CAST_ARGUMENT/],
  ["SELECT * FROM read_csv('/etc/passwd')", /^FUNCTION_NOT_FOUND/],
  ["SELECT * FROM read_text('/etc/hostname')", /^FUNCTION_NOT_FOUND/],
  ["SELECT * FROM glob('/etc/*')", /^FUNCTION_NOT_FOUND/],
  ["SELECT * FROM '/etc/passwd'", /./],
])('%s fails', async (sql, message) => {
  const { start, end } = await startAthena()
  if (sql === '') return expect(start(sql)).rejects.toThrow('QueryString')
  const { Status } = await end(await start(sql))
  expect(Status?.State).toBe('FAILED')
  expect(Status?.StateChangeReason).toMatch(message)
})

test('EXPLAIN (TYPE IO) tells the tables that a query reads, those that its WITH hides left out', async () => {
  const { query } = await startAthena({ tables: [JOBS, parquetTable('clicks', { a: 'int' })] })
  const tables = async (sql: string) => {
    const text = (await query(`EXPLAIN (TYPE IO, FORMAT JSON) ${sql}`)).join('\n')
    const plan = JSON.parse(text) as { inputTableColumnInfos: { table: { schemaTable: object } }[] }
    return plan.inputTableColumnInfos.map(({ table }) => table.schemaTable)
  }
  expect(await tables('WITH clicks AS (SELECT 1 AS x) SELECT * FROM clicks, dayfold.jobs')).toEqual([
    { schema: 'dayfold', table: 'jobs' },
  ])
  expect(
    await tables('SELECT (SELECT from_base(x, 10) FROM clicks), array[1] FROM (VALUES 1, 2) jobs(x)'),
  ).toEqual([{ schema: 'dayfold', table: 'clicks' }])
  const recursive =
    'WITH RECURSIVE jobs(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM jobs WHERE n < 3), a AS (SELECT n FROM jobs) SELECT * FROM a'
  expect(await tables(recursive)).toEqual([])
  const own = 'WITH Clicks AS (SELECT * FROM clicks), a AS (SELECT * FROM CLICKS) SELECT * FROM a'
  expect(await tables(own)).toEqual([{ schema: 'dayfold', table: 'clicks' }])
  await expect(tables('SELECT * FROM nowhere')).rejects.toThrow('TABLE_NOT_FOUND')
})

test('tables, partitions and columns are shown', async () => {
  const { query, catalog } = await startAthena({ tables: [JOBS, parquetTable('clicks', {})] })
  for (const day of ['2024-01-02', '2024-01-01']) {
    await catalog.createPartition('jobs', { Values: [day], StorageDescriptor: place('jobs', day) })
  }
  expect(await query('SHOW TABLES')).toEqual([['clicks'], ['jobs']])
  expect(await query('show partitions dayfold.jobs;')).toEqual([
    ['day_partition=2024-01-01'],
    ['day_partition=2024-01-02'],
  ])
  expect((await query('DESCRIBE jobs')).slice(0, 4)).toEqual([
    ['job_id\tstring'],
    ['salary\tdouble'],
    ['skills\tarray<string>'],
    ['day_partition\tstring'],
  ])
  await expect(query('SHOW PARTITIONS nowhere')).rejects.toThrow('TABLE_NOT_FOUND')
})

test('a thousand partitions are counted by reading footers', async () => {
  const { home, catalog, query } = await startAthena()
  putParquet(home, 'source.parquet', jobs('a', 'b', 'c'))
  const days = Array.from({ length: 1000 }, (_, index) => String(10_000 + index))
  for (const day of days) {
    const file = fileIn(home)('data', partKey('jobs', day))
    mkdirSync(dirname(file), { recursive: true })
    linkSync(fileIn(home)('data', 'source.parquet'), file)
  }
  for (let at = 0; at < days.length; at += 100) {
    const some = days.slice(at, at + 100)
    await catalog.createPartitions(
      'jobs',
      some.map((day) => ({ Values: [day], StorageDescriptor: place('jobs', day) })),
    )
  }
  const rows = await query('SELECT day_partition, count(*) AS n FROM jobs GROUP BY 1 ORDER BY 1')
  // A page contains a thousand rows, including the header.
  expect(rows).toHaveLength(1000)
  expect(rows.at(-1)).toEqual(['10998', '3'])
  expect(await query('SELECT count(*) AS n FROM jobs')).toEqual([['n'], ['3000']])
})
