import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, expect, test } from 'vitest'
import { openParquet, readBatches, readRowGroups, type ParquetFile } from '../../client/parquet-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'dayfold-batches-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ROWS = 5000
const SELECT = `SELECT i, CASE WHEN i % 3 > 0 THEN 'text ' || i % 7 END AS t, CASE WHEN i % 5 > 0 THEN [i, NULL] END AS l,
  {'a': i % 2 = 0, 'b': CAST(i AS DECIMAL(9,2))} AS s, CAST(i AS DECIMAL(20,3)) AS m, CAST(i AS FLOAT) / 4 AS f, NULL AS n
  FROM range(${ROWS}) t(i)`

async function write(select: string): Promise<ParquetFile> {
  const path = join(folder, 'rows.parquet')
  const duckdb = await (await DuckDBInstance.create()).connect()
  await duckdb.run(`COPY (${select}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`)
  duckdb.closeSync()
  return openParquet(path)
}

test('batches are the rows of the row groups, a thousand at most, whatever pages and row groups they lie in', async () => {
  const file = await write(SELECT)
  const sizes: number[] = []
  const rows: unknown[] = []
  for await (const batch of readBatches(file)) {
    sizes.push(batch.length)
    rows.push(...batch)
  }
  const expected: unknown[] = []
  for await (const group of readRowGroups(file)) expected.push(...group)
  expect(sizes).toEqual([1000, 1000, 48, 1000, 1000, 48, 904])
  expect(rows).toEqual(expected)
  expect(rows[4999]).toEqual({
    i: 4999n,
    t: 'text 1',
    l: [4999n, null],
    s: { a: false, b: '4999.00' },
    m: '4999.000',
    f: 1249.75,
    n: null,
  })
  expect(rows[3000]).toMatchObject({ t: null, l: null })
})

test.each([
  [0, []],
  [1000, [1000]],
  [2000, [1000, 1000]],
])('%i rows are batches without an empty one', async (rows, expected) => {
  const sizes: number[] = []
  for await (const batch of readBatches(await write(`SELECT i FROM range(${rows}) t(i)`)))
    sizes.push(batch.length)
  expect(sizes).toEqual(expected)
})
