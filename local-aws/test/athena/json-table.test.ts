import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { DeclaredTable } from '../../glue/model.ts'
import { fileIn } from '../support/home.ts'
import { JOBS, place, startAthena } from '../support/athena.ts'

const LOCATION = 's3://data/rejected/jobs/'

const REJECTED: DeclaredTable = {
  Name: 'jobs_rejected',
  PartitionKeys: [{ Name: 'day_partition', Type: 'string' }],
  Parameters: {
    'projection.enabled': 'true',
    'projection.day_partition.type': 'date',
    'projection.day_partition.format': 'yyyy-MM-dd',
    'projection.day_partition.range': '2000-01-01,NOW+1DAYS',
    'storage.location.template': `${LOCATION}day_partition=\${day_partition}/`,
  },
  StorageDescriptor: {
    Columns: ['source', 'reason', 'raw', 'rawbase64']
      .map((Name) => ({ Name, Type: 'string' }))
      .concat(
        { Name: 'line', Type: 'bigint' },
        { Name: 'range', Type: 'struct<start:bigint,end:bigint,of:string>' },
      ),
    Location: LOCATION,
    SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
  },
}

function putRejects(home: string, key: string, ...rejects: object[]) {
  putText(home, key, rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(''))
}

function putText(home: string, key: string, text: string) {
  const path = fileIn(home)('data', key)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, key.endsWith('.gz') ? gzipSync(text) : text)
}

test('compressed JSON Lines of projected partitions are read, keys in whatever case', async () => {
  const { home, query } = await startAthena({ tables: [JOBS, REJECTED] })
  putRejects(home, 'rejected/jobs/day_partition=2024-01-01/rejected-00001-00000.jsonl.gz', {
    source: 'jobs/2024/01/01/a.jsonl',
    line: 7,
    reason: 'invalid-utf8',
    rawBase64: '/w==',
  })
  putRejects(home, 'rejected/jobs/day_partition=2024-01-02/rejected-00001-00000.jsonl', {
    source: 'jobs/2024/01/02/a.jsonl',
    line: 1,
    reason: 'invalid-json',
    raw: '{"a":[{}\n',
  })
  expect(await query('SELECT day_partition, line, raw, rawbase64 FROM jobs_rejected ORDER BY 1')).toEqual([
    ['day_partition', 'line', 'raw', 'rawbase64'],
    ['2024-01-01', '7', null, '/w=='],
    ['2024-01-02', '1', '{"a":[{}\n', null],
  ])
  expect(await query("SELECT count(*) AS n FROM jobs_rejected WHERE day_partition = '2024-01-02'")).toEqual([
    ['n'],
    ['1'],
  ])
})

test('the path of a reject is the URI of its object', async () => {
  const { home, query } = await startAthena({ tables: [REJECTED] })
  const key = 'rejected/jobs/day_partition=2024-01-01/rejected-00001-00000.jsonl.gz'
  putRejects(home, key, { source: 'a', line: 3 })
  expect((await query('SELECT line, "$path" FROM jobs_rejected'))[1]).toEqual(['3', `s3://data/${key}`])
})

test('a struct is read with its members, and is null where an object or all of them lack it', async () => {
  const { home, query } = await startAthena({ tables: [REJECTED] })
  const folder = 'rejected/jobs/day_partition=2024-01-01/'
  putRejects(home, `${folder}rejected-00001-00000.jsonl.gz`, { source: 'a', line: 1, raw: 'x' })
  const select = 'SELECT line, range, range.start AS first, range."end" AS past, range."of" AS unit'
  const sql = `${select} FROM jobs_rejected ORDER BY line`
  const [head, without] = [
    ['line', 'range', 'first', 'past', 'unit'],
    ['1', null, null, null, null],
  ]
  expect(await query(sql)).toEqual([head, without])
  const line =
    '{"source":"a","line":2,"range":{"start":9007199254740993,"end":9007199254740999,"of":"stored"}}'
  putText(home, `${folder}rejected-00002-00000.jsonl.gz`, line)
  expect(await query(sql)).toEqual([
    head,
    without,
    [
      '2',
      '{start=9007199254740993, end=9007199254740999, of=stored}',
      '9007199254740993',
      '9007199254740999',
      'stored',
    ],
  ])
})

test('a table without rejects is empty', async () => {
  const { query } = await startAthena({ tables: [REJECTED] })
  expect(await query('SELECT source, line FROM jobs_rejected')).toEqual([['source', 'line']])
})

test('a reject that holds a line of 20 MB is read', async () => {
  const { home, query } = await startAthena({ tables: [REJECTED] })
  putRejects(
    home,
    'rejected/jobs/day_partition=2024-01-01/rejected-00001-00000.jsonl.gz',
    { source: 'a', line: 1, raw: '"'.repeat(2e7) },
    { source: 'a', line: 2, raw: 'x' },
  )
  expect(await query('SELECT line, length(raw) AS n FROM jobs_rejected ORDER BY 1')).toEqual([
    ['line', 'n'],
    ['1', '20000000'],
    ['2', '1'],
  ])
})

test('partitions in the catalog are read as well where nothing is projected', async () => {
  const { Parameters: _, ...plain } = REJECTED
  expect(_).toBeDefined()
  const { home, catalog, query } = await startAthena({ tables: [plain] })
  const { Location } = place('jobs_rejected', '2024-01-01')
  putRejects(home, `${Location.slice('s3://data/'.length)}a.json`, { source: 'a', line: 3 })
  await catalog.createPartition('jobs_rejected', {
    Values: ['2024-01-01'],
    StorageDescriptor: { Location },
  })
  expect(await query('SELECT line, day_partition FROM jobs_rejected')).toEqual([
    ['line', 'day_partition'],
    ['3', '2024-01-01'],
  ])
})

/** Writes a reject for each day, and returns the days that a table with a projection shows. */
async function daysShown(projection: Record<string, string>, ...days: string[]) {
  const Parameters = { ...REJECTED.Parameters, ...projection }
  const { home, query } = await startAthena({ tables: [{ ...REJECTED, Parameters }] })
  for (const day of days) putRejects(home, `rejected/jobs/day_partition=${day}/a.jsonl`, { source: 'a' })
  const rows = await query('SELECT day_partition FROM jobs_rejected ORDER BY 1')
  return rows.slice(1).flat()
}

const RANGE = 'projection.day_partition.range'

test('days outside of a projection are not shown, nor folders that are no days', async () => {
  const days = ['1999-12-31', '2000-01-01', '2024-02-29', '2023-02-29', '2024-5-6', '2099-01-01']
  expect(await daysShown({}, ...days)).toEqual(['2000-01-01', '2024-02-29'])
  expect(await daysShown({ [RANGE]: '0001-01-01,9999-12-31' }, '0000-12-31', '0001-01-01', ...days)).toEqual([
    '0001-01-01',
    '1999-12-31',
    '2000-01-01',
    '2024-02-29',
    '2099-01-01',
  ])
})
