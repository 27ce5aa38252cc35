import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartQueryExecutionCommand } from '@aws-sdk/client-athena'
import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, onTestFinished, test } from 'vitest'
import { putObject } from '../../aws/write-objects.ts'
import { loadToFile, type LoadStep } from '../../client/load.ts'
import { openParquet, readRowGroups } from '../../client/parquet-file.ts'
import { dataOf, type Target } from '../../client/target.ts'
import { ATHENA_RESULTS } from '../../core/layout.ts'
import { TABLE } from '../support/lambda/dataset.ts'
import { startWorld } from '../support/lambda/world.ts'

const part = (...ids: readonly string[]) =>
  Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'id', data: [...ids], type: 'STRING' }] }))
const PARTS = [part('a', 'b,c'), part('d')]
const ID = { Name: 'id', Type: 'varchar' }

/** Starts a world whose Athena unloads these files, and a folder for the output. */
async function startLoad(parts: readonly Buffer[]) {
  const world = await startWorld()
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-load-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const queries: string[] = []
  const succeeded = { Status: { State: 'SUCCEEDED' }, Statistics: { DataScannedInBytes: 100 } }
  const answers: Readonly<Record<string, object>> = {
    GetQueryExecutionCommand: { QueryExecution: succeeded },
    GetQueryResultsCommand: { ResultSet: { ResultSetMetadata: { ColumnInfo: [ID] } } },
  }
  const send = async (command: object) => {
    if (!(command instanceof StartQueryExecutionCommand)) return answers[command.constructor.name]
    const sql = command.input.QueryString!
    queries.push(sql)
    const prefix = / TO 's3:\/\/data\/([^']+)'/.exec(sql)?.[1]
    if (prefix !== undefined)
      for (const [index, bytes] of parts.entries())
        await putObject(dataOf(target), `${prefix}${index}`, bytes)
    return { QueryExecutionId: `query-${queries.length}` }
  }
  const clients = {
    s3: new S3Client(world.client('load')),
    glue: new GlueClient(world.client('load')),
    athena: { send },
    sfn: {},
  }
  const datasets = [{ name: TABLE }]
  const target = { clients, datasets, dataBucket: 'data', database: 'test' } as unknown as Target
  const file = (name: string) => join(folder, name)
  return { world, target, queries, folder, file, unloaded: () => world.keys(ATHENA_RESULTS) }
}

test('a load checks the days, queries, downloads and writes, and leaves a file and its sidecar only', async () => {
  const { target, queries, folder, file, unloaded } = await startLoad(PARTS)
  const steps: LoadStep[] = []
  const range = { from: '2024-01-01', to: '2024-01-02' }
  const loaded = await loadToFile(target, 'SELECT id FROM jobs; ', file('rows.csv'), {
    check: { ...range, datasets: [TABLE] },
    allowGaps: true,
    onStep: (step) => steps.push(step),
    now: () => '2024-02-01T00:00:00Z',
  })
  expect(steps).toEqual([
    { step: 'check' },
    { step: 'query', scannedBytes: 100 },
    { step: 'download', parts: 1, of: 2 },
    { step: 'download', parts: 2, of: 2 },
    { step: 'write' },
  ])
  expect(queries).toEqual([expect.stringMatching(/^UNLOAD \(SELECT id FROM jobs\n\) TO /)])
  expect(loaded).toMatchObject({ rows: 3, columns: ['id'], query: 'query-1', scannedBytes: 100 })
  expect(loaded.days!.map(({ date, state }) => `${date} ${state}`)).toEqual([
    '2024-01-01 missing',
    '2024-01-02 missing',
  ])
  expect(readdirSync(folder).sort()).toEqual(['rows.csv', 'rows.csv.json'])
  expect(JSON.parse(readFileSync(file('rows.csv.json'), 'utf8'))).toMatchObject({
    rows: 3,
    range,
    gaps: 'gaps',
    loadedAt: '2024-02-01T00:00:00Z',
  })
  expect(unloaded()).toEqual([])
})

test.each([
  ['of two files', PARTS, ['a', 'b,c', 'd']],
  ['of one file', PARTS.slice(0, 1), ['a', 'b,c']],
  ['without rows', [], []],
])('a result %s is written in each format with all rows and columns', async (_, parts, ids) => {
  const { target, file } = await startLoad(parts)
  const load = async (name: string) => {
    const loaded = await loadToFile(target, 'SELECT id', file(name))
    expect(loaded).toMatchObject({ rows: ids.length, columns: ['id'], days: null })
    return readFileSync(file(name), 'utf8')
  }
  const lines = ids.map((id) => (id.includes(',') ? `"${id}"` : id))
  expect(await load('rows.csv')).toBe(['id', ...lines].map((line) => `${line}\r\n`).join(''))
  expect(await load('rows.jsonl')).toBe(ids.map((id) => `{"id":"${id}"}\n`).join(''))
  await load('rows.parquet')
  const rows: unknown[] = []
  for await (const group of readRowGroups(await openParquet(file('rows.parquet')))) rows.push(...group)
  expect(rows).toEqual(ids.map((id) => ({ id })))
})

test('a load that fails leaves an earlier file and its sidecar as they were, and nothing else', async () => {
  const { target, folder, file, unloaded } = await startLoad([Buffer.from('no Parquet at all')])
  for (const name of ['rows.csv', 'rows.csv.json']) writeFileSync(file(name), 'earlier')
  await expect(loadToFile(target, 'SELECT id', file('rows.csv'))).rejects.toThrow(/parquet/i)
  expect(readdirSync(folder).sort()).toEqual(['rows.csv', 'rows.csv.json'])
  for (const name of ['rows.csv', 'rows.csv.json']) expect(readFileSync(file(name), 'utf8')).toBe('earlier')
  expect(unloaded()).toEqual([])
})

test('files of a query that S3 refuses to delete are left to expire', async () => {
  const { world, target, file, unloaded } = await startLoad(PARTS)
  const fault = { kind: 'error', code: 'AccessDenied', status: 403 } as const
  world.faults.add({ operation: 'DeleteObjects', fault })
  expect(await loadToFile(target, 'SELECT id', file('rows.csv'))).toMatchObject({ rows: 3 })
  expect(unloaded()).toHaveLength(2)
})

test('a file of an unknown ending is refused before a query runs', async () => {
  const { target, queries, file } = await startLoad(PARTS)
  await expect(loadToFile(target, 'SELECT id', file('rows.xlsx'))).rejects.toMatchObject({
    code: 'InvalidInput',
  })
  expect(queries).toEqual([])
})
