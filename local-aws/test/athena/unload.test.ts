import { readFileSync } from 'node:fs'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { fileIn, listIn, partKey, putParquet } from '../support/home.ts'
import { latch } from '../support/latch.ts'
import { jobs, startAthena } from '../support/athena.ts'

const unload = (sql: string, target = 's3://data/athena-results/unload/x/') =>
  `UNLOAD (${sql}) TO '${target}' WITH (format = 'PARQUET', compression = 'SNAPPY')`

const PREFIX = 'athena-results/unload/x/'

test('rows go to a Parquet file under the target, which the manifest names', async () => {
  const { home, start, end, results, addDay } = await startAthena()
  await addDay('2024-01-01', jobs('a', 'b'))
  const id = await start(
    unload('SELECT job_id, salary, day_partition, count(*) OVER () FROM jobs ORDER BY 1'),
  )
  const { Status, Statistics } = await end(id)
  expect(Status?.State).toBe('SUCCEEDED')
  const objects = await listIn(home, 'data', PREFIX)
  expect(objects).toHaveLength(1)
  const file = await asyncBufferFromFile(fileIn(home)('data', objects[0]!.key))
  const { row_groups } = await parquetMetadataAsync(file)
  expect(row_groups[0]?.columns[0]?.meta_data?.codec).toBe('SNAPPY')
  expect(await parquetReadObjects({ file })).toEqual([
    { job_id: 'a', salary: 0.5, day_partition: '2024-01-01', _col3: 2n },
    { job_id: 'b', salary: 1.5, day_partition: '2024-01-01', _col3: 2n },
  ])
  const manifest = Statistics!.DataManifestLocation!
  expect(manifest).toBe(`s3://data/athena-results/${id}-manifest.csv`)
  const listed = readFileSync(fileIn(home)('data', manifest.slice('s3://data/'.length)), 'utf8')
  expect(listed).toBe(`s3://data/${objects[0]!.key}\n`)
  expect((await results(id)).ResultSet?.Rows).toEqual([])
})

test('a sum of integers is written as 64 bits, the sign of zero and U+FEFF as they are', async () => {
  const { home, query, start, end } = await startAthena()
  await query('SELECT 1')
  const sql =
    "SELECT sum(x) AS total, -0e0 AS zero, chr(65279) || 'a' AS text FROM (VALUES (1), (2)) t(x) -- all"
  await end(await start(unload(`${sql}\n`)))
  const [object] = await listIn(home, 'data', PREFIX)
  const file = await asyncBufferFromFile(fileIn(home)('data', object!.key))
  expect(
    await parquetReadObjects({
      file,
      utf8: false,
      parsers: { stringFromBytes: (bytes) => Buffer.from(bytes).toString() },
    }),
  ).toEqual([{ total: 3n, zero: -0, text: '\ufeffa' }])
})

test.each([
  ['NULL AS x', 'unknown (column x)'],
  ['ARRAY[NULL]', 'unknown (column _col0)'],
  ["MAP(ARRAY['a'], ARRAY[NULL])", 'unknown'],
  ['CASE WHEN salary > 1 THEN NULL END', 'unknown'],
  ['current_timestamp', 'timestamp(3) with time zone'],
  ['ARRAY[now()]', 'timestamp(3) with time zone'],
  ["from_iso8601_timestamp('2024-01-31T10:20:30Z')", 'timestamp(3) with time zone'],
  ["TIME '13:24:11'", 'time(3)'],
  ['current_time', 'time(3) with time zone'],
  ["INTERVAL '1' DAY", 'interval day to second'],
  ['uuid()', 'uuid'],
  ["json_parse('{}')", 'json'],
])('a column of %s is refused: Unsupported Hive type: %s', async (column, type) => {
  const { home, start, end } = await startAthena()
  const { Status } = await end(await start(unload(`SELECT ${column} FROM jobs`)))
  expect(Status?.StateChangeReason).toContain(`NOT_SUPPORTED: Unsupported Hive type: ${type}`)
  expect(await listIn(home, 'data', PREFIX)).toEqual([])
})

test.each([
  ['SELECT row(1, 2) AS x', 'NOT_SUPPORTED: Anonymous row type is not supported in Hive.'],
  ['SELECT 1 AS x, 2 AS x', "DUPLICATE_COLUMN_NAME: Column name 'x' specified more than once"],
  ['SUMMARIZE jobs', "NOT_SUPPORTED: line 1:1: mismatched input 'SUMMARIZE'. Expecting: 'ALTER'"],
])('%s cannot be unloaded: %s', async (sql, message) => {
  const { start, end } = await startAthena()
  expect((await end(await start(unload(sql)))).Status?.StateChangeReason).toContain(message)
})

test('both zeros are written, however often they come', async () => {
  const { home, start, end } = await startAthena()
  const zero = 'CASE WHEN x % 2 = 0 THEN -0e0 ELSE 0e0 END'
  const sql = `SELECT ${zero} AS one, ARRAY[${zero}] AS list FROM UNNEST(sequence(1, 1000)) AS t(x)`
  await end(await start(unload(sql)))
  const [object] = await listIn(home, 'data', PREFIX)
  const rows = await parquetReadObjects({
    file: await asyncBufferFromFile(fileIn(home)('data', object!.key)),
  })
  const isNegative = ({ one, list }: Record<string, unknown>) =>
    Object.is(one, -0) && Object.is((list as number[])[0], -0)
  expect(rows.filter(isNegative)).toHaveLength(500)
})

test('without rows there is no file', async () => {
  const { home, start, end } = await startAthena()
  expect((await end(await start(unload('SELECT job_id FROM jobs')))).Status?.State).toBe('SUCCEEDED')
  expect(await listIn(home, 'data', PREFIX)).toEqual([])
})

test('a target that holds objects is refused', async () => {
  const { start, end } = await startAthena()
  await end(await start(unload('SELECT 1 AS x')))
  const { Status } = await end(await start(unload('SELECT 1 AS x')))
  expect(Status?.StateChangeReason).toContain('HIVE_PATH_ALREADY_EXISTS')
})

test('nothing is written when an object of its tables was replaced meanwhile', async () => {
  const [ready, finish] = [latch(), latch()]
  const { home, start, end, addDay } = await startAthena({
    beforeEnd: async () => {
      ready.open()
      await finish.opened
    },
  })
  await addDay('2024-01-01', jobs('a'))
  const id = await start(unload('SELECT job_id FROM jobs'))
  await ready.opened
  putParquet(home, partKey('jobs', '2024-01-01'), jobs('a', 'b'))
  finish.open()
  expect((await end(id)).Status?.StateChangeReason).toContain('HIVE_FILESYSTEM_ERROR')
  expect(await listIn(home, 'data', 'athena-results/')).toEqual([])
})

test.each([
  ["UNLOAD (SELECT 1) TO 's3://data/x/'", 'PARQUET'],
  ["UNLOAD (SELECT 1) TO 's3://data/x/' WITH (format = 'ORC')", 'PARQUET'],
  ["UNLOAD (SELECT 1) TO 's3://data/x/' WITH (format = 'PARQUET', compression = 'BROTLI')", 'compression'],
  ["UNLOAD (SELECT 1) TO 's3://data/x/' WITH (format = 'PARQUET', field_delimiter = ',')", 'field_delimiter'],
  ['UNLOAD SELECT 1', 'UNLOAD (SELECT'],
])('%s is refused', async (sql, message) => {
  const { start } = await startAthena()
  await expect(start(sql)).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringContaining(message) as string,
  })
})
