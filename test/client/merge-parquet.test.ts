import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyParquet } from '../../client/empty-parquet.ts'
import { mergeParquet } from '../../client/merge-parquet.ts'
import { columnNames, openParquet, readRowGroups, rowCount } from '../../client/parquet-file.ts'
import { writeFileSync } from 'node:fs'

let folder: string
let duckdb: DuckDBConnection

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dayfold-merge-'))
  duckdb = await (await DuckDBInstance.create()).connect()
})

afterAll(() => {
  duckdb.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const SELECT = `SELECT i AS id, 'text ' || (i % 7) AS word, CASE WHEN i % 3 = 0 THEN NULL ELSE i / 4.0::DOUBLE END AS ratio,
  [i, NULL, i + 1] AS numbers, TIMESTAMP '2024-05-06 10:00:00' + INTERVAL (i) SECOND AS at, DATE '2024-01-01' + (i % 9)::INTEGER AS day,
  i::DECIMAL(38,4) / 8 AS price`

async function write(name: string, from: number, to: number): Promise<string> {
  const path = join(folder, name)
  const rows = `${SELECT} FROM range(${from}, ${to}) AS numbers(i)`
  await duckdb.run(`COPY (${rows}) TO '${path}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048)`)
  return path
}

async function count(sql: string): Promise<number> {
  const reader = await duckdb.runAndReadAll(sql)
  return Number(reader.getRows()[0]![0])
}

test('merged files hold the rows of all, as DuckDB and hyparquet read them, in as many row groups', async () => {
  const paths = await Promise.all([
    write('a.parquet', 0, 5000),
    write('b.parquet', 5000, 5001),
    write('c.parquet', 5001, 10_000),
  ])
  const files = await Promise.all(paths.map(openParquet))
  const out = join(folder, 'merged.parquet')
  await mergeParquet(files, out)

  const expected = `${SELECT} FROM range(0, 10000) AS numbers(i)`
  expect(await count(`SELECT count(*) FROM (FROM '${out}' EXCEPT ALL (${expected}))`)).toBe(0)
  expect(await count(`SELECT count(*) FROM ((${expected}) EXCEPT ALL FROM '${out}')`)).toBe(0)

  const merged = await openParquet(out)
  expect(rowCount(merged)).toBe(10_000)
  expect(merged.metadata.row_groups).toHaveLength(
    files.reduce((sum, { metadata }) => sum + metadata.row_groups.length, 0),
  )
  const ids: unknown[] = []
  for await (const rows of readRowGroups(merged)) ids.push(...rows.map(({ id }) => id))
  expect(ids).toEqual(Array.from({ length: 10_000 }, (_, id) => BigInt(id)))
})

test('a dictionary that a row group begins with is copied too', async () => {
  const [words, out] = [join(folder, 'words.parquet'), join(folder, 'merged-words.parquet')]
  const rows = "SELECT 'word ' || (i % 3) AS word FROM range(0, 5000) AS numbers(i)"
  await duckdb.run(`COPY (${rows}) TO '${words}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`)
  const file = await openParquet(words)
  const [chunk] = file.metadata.row_groups[0]!.columns
  expect(chunk!.meta_data!.dictionary_page_offset).toBeLessThan(chunk!.meta_data!.data_page_offset)
  await mergeParquet([file, file], out)
  expect(await count(`SELECT count(*) FROM (FROM '${out}' EXCEPT ALL (${rows} UNION ALL ${rows}))`)).toBe(0)
  expect(rowCount(await openParquet(out))).toBe(10_000)
})

test('files with other columns are refused', async () => {
  const other = join(folder, 'other.parquet')
  await duckdb.run(`COPY (SELECT 1 AS id) TO '${other}' (FORMAT parquet)`)
  const files = await Promise.all([await write('d.parquet', 0, 10), other].map(openParquet))
  const merged = mergeParquet(files, join(folder, 'refused.parquet'))
  await expect(merged).rejects.toThrow('expected the columns of')
  await expect(merged).rejects.toMatchObject({ code: 'ColumnsMismatch' })
})

test('a file without rows has its columns and their types', async () => {
  const path = join(folder, 'empty.parquet')
  const types = {
    text: 'varchar',
    whole: 'integer',
    long: 'bigint',
    single: 'float',
    real: 'double',
    flag: 'boolean',
    at: 'timestamp',
    day: 'date',
    list: 'array(bigint)',
    odd: 'map(varchar,varchar)',
  }
  const price = { Name: 'price', Type: 'decimal', Precision: 10, Scale: 2 }
  const columns = [...Object.entries(types).map(([Name, Type]) => ({ Name, Type })), price]
  writeFileSync(path, emptyParquet(columns))
  expect(columnNames(await openParquet(path))).toEqual([...Object.keys(types), 'price'])
  const reader = await duckdb.runAndReadAll(`DESCRIBE FROM '${path}'`)
  expect(reader.getRows().map(([name, type]) => `${String(name)} ${String(type)}`)).toEqual([
    'text VARCHAR',
    'whole INTEGER',
    'long BIGINT',
    'single FLOAT',
    'real DOUBLE',
    'flag BOOLEAN',
    'at TIMESTAMP',
    'day DATE',
    'list BIGINT[]',
    'odd VARCHAR',
    'price DECIMAL(10,2)',
  ])
  expect(await count(`SELECT count(*) FROM '${path}'`)).toBe(0)
})
