import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { parquetWriteFile, type ColumnSource } from 'hyparquet-writer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { columnTrees, openParquet, readRowGroups, type ColumnTrees } from '../../client/parquet-file.ts'
import { csvHeader, csvLine, jsonLine } from '../../client/text-rows.ts'
import { AWKWARD_NUMBERS, AWKWARD_TEXTS } from '../support/awkward.ts'

let folder: string
let duckdb: DuckDBConnection

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dayfold-text-'))
  duckdb = await (await DuckDBInstance.create()).connect()
})

afterAll(() => {
  duckdb.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

async function rowsOf(select: string): Promise<{ rows: Record<string, unknown>[]; columns: ColumnTrees }> {
  const path = join(folder, 'rows.parquet')
  await duckdb.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`)
  return read(path)
}

async function read(path: string): Promise<{ rows: Record<string, unknown>[]; columns: ColumnTrees }> {
  const file = await openParquet(path)
  const rows: Record<string, unknown>[] = []
  for await (const group of readRowGroups(file)) rows.push(...group)
  return { rows, columns: columnTrees(file) }
}

const VALUES = `SELECT 9223372036854775807 AS big, 0.1::FLOAT AS single, 1e300 AS real, 12.50::DECIMAL(9,2) AS price,
  DATE '2024-02-29' AS day, TIMESTAMP '2024-05-06 10:00:00.123' AS at, true AS flag, 'a "b", c' AS quoted,
  E'two\\nlines' AS lines, '' AS empty, NULL::VARCHAR AS nothing, ['x', NULL] AS words, 'NaN'::DOUBLE AS nan`

test('a row is a line of JSON that loses nothing', async () => {
  const { rows, columns } = await rowsOf(VALUES)
  expect(jsonLine(rows[0]!, columns)).toBe(
    '{"big":9223372036854775807,"single":0.1,"real":1e+300,"price":"12.50","day":"2024-02-29",' +
      '"at":"2024-05-06T10:00:00.123Z","flag":true,"quoted":"a \\"b\\", c","lines":"two\\nlines","empty":"",' +
      '"nothing":null,"words":["x",null],"nan":null}\n',
  )
})

test('a list, struct or map that is null is null at any depth, not undefined', async () => {
  const { rows } = await rowsOf(
    'SELECT NULL::INT[] AS list, [NULL, [1, NULL]] AS lists, {a: NULL::INT[], b: NULL} AS struct, MAP {1: NULL} AS map',
  )
  expect(rows).toStrictEqual([
    { list: null, lists: [null, [1, null]], struct: { a: null, b: null }, map: { 1: null } },
  ])
})

test('decimals are text, at any depth', async () => {
  const { rows } = await rowsOf(
    `SELECT 1.5::DECIMAL(4,2) AS one, [NULL, 2.5::DECIMAL(4,1)] AS list, {a: [3::DECIMAL(9,2)], b: 1.25} AS struct,
    MAP {'k': 4.125::DECIMAL(18,3)} AS map`,
  )
  expect(rows).toStrictEqual([
    { one: '1.50', list: [null, '2.5'], struct: { a: ['3.00'], b: '1.25' }, map: { k: '4.125' } },
  ])
})

test('decimals keep all their digits, however they are stored', async () => {
  const nines = '9'.repeat(38)
  const { rows, columns } = await rowsOf(
    `SELECT '-1.05'::DECIMAL(4,2) AS small, '92233720368547758.07'::DECIMAL(19,2) AS large,
    '-${nines}'::DECIMAL(38,0) AS most, '0.${nines}'::DECIMAL(38,38) AS least, '90071992547409.93'::DECIMAL(18,2) AS long,
    NULL::DECIMAL(9,2) AS none, MAP {1.5::DECIMAL(4,2): 1} AS keys, MAP {'-1.5'::DECIMAL(38,2): 1} AS long_keys`,
  )
  expect(rows).toStrictEqual([
    {
      small: '-1.05',
      large: '92233720368547758.07',
      most: `-${nines}`,
      least: `0.${nines}`,
      long: '90071992547409.93',
      none: null,
      keys: { '1.50': 1 },
      long_keys: { '-1.50': 1 },
    },
  ])
  expect(jsonLine(rows[0]!, columns)).toContain('"long":"90071992547409.93","none":null,')
  expect(csvLine(rows[0]!, columns)).toContain(`-1.05,92233720368547758.07,-${nines},0.${nines},`)
})

test('a row is a line of CSV in which null and empty text differ', async () => {
  const { rows, columns } = await rowsOf(VALUES)
  expect(csvLine(rows[0]!, columns)).toBe(
    '9223372036854775807,0.1,1e+300,12.50,2024-02-29,2024-05-06T10:00:00.123Z,true,"a ""b"", c",' +
      '"two\nlines","",,"[""x"",null]",NaN\r\n',
  )
})

test('what is inside lists, structs and maps is written like what stands alone', async () => {
  const { rows, columns } = await rowsOf(
    `SELECT {a: 9223372036854775807, b: -0e0, c: DATE '2024-02-29', d: 0.1::FLOAT} AS struct, [-0e0, 0e0] AS zeros,
    MAP {'10': 1::BIGINT, '2': -1::BIGINT} AS map, MAP {'__proto__': 'x'} AS odd, MAP {DATE '2024-02-29': 1.50} AS days,
    [MAP {'k': [2::BIGINT]}, NULL] AS maps`,
  )
  const line =
    '{"struct":{"a":9223372036854775807,"b":-0.0,"c":"2024-02-29","d":0.1},"zeros":[-0.0,0],' +
    '"map":{"2":-1,"10":1},"odd":{"__proto__":"x"},"days":{"2024-02-29":"1.50"},"maps":[{"k":[2]},null]}'
  expect(jsonLine(rows[0]!, columns)).toBe(`${line}\n`)
  expect(csvLine(rows[0]!, columns)).toContain('"{""2"":-1,""10"":1}"')
})

test('bytes that are no text are base64, also those that are no UTF-8', async () => {
  const { rows, columns } = await rowsOf(
    `SELECT '\\xFF\\x00'::BLOB AS bytes, ['a'::BLOB] AS list, ''::BLOB AS none`,
  )
  expect(rows).toStrictEqual([
    { bytes: Uint8Array.of(255, 0), list: [Uint8Array.of(97)], none: new Uint8Array() },
  ])
  expect(jsonLine(rows[0]!, columns)).toBe('{"bytes":"/wA=","list":["YQ=="],"none":""}\n')
  expect(csvLine(rows[0]!, columns)).toBe('/wA=,"[""YQ==""]",\r\n')
})

test('awkward text and numbers come back as they were, from Parquet and from both kinds of text', async () => {
  const texts = AWKWARD_TEXTS.flatMap((one) => AWKWARD_TEXTS.map((other) => one + other))
  const numbers = texts.map((_, index) => AWKWARD_NUMBERS[index % AWKWARD_NUMBERS.length]!)
  const path = join(folder, 'awkward.parquet')
  const columnData: ColumnSource[] = [
    { name: 'text', data: texts, type: 'STRING' },
    // This writer's dictionary does not distinguish the two zeros.
    { name: 'number', data: numbers, type: 'DOUBLE', encoding: 'PLAIN' },
  ]
  parquetWriteFile({ filename: path, columnData })
  const { rows, columns } = await read(path)
  expect(rows).toStrictEqual(texts.map((text, index) => ({ text, number: numbers[index] })))
  const lines = rows.map((row) => jsonLine(row, columns))
  expect(lines.map((line) => JSON.parse(line) as unknown)).toStrictEqual(rows)

  const csv = join(folder, 'awkward.csv')
  writeFileSync(csv, csvHeader(columns.keys()) + rows.map((row) => csvLine(row, columns)).join(''))
  const options = 'header = true, allow_quoted_nulls = false, columns = {text: VARCHAR, number: DOUBLE}'
  // In hexadecimal digits: DuckDB's client for Node.js drops U+FEFF from the start of a text.
  const reader = await duckdb.runAndReadAll(`SELECT hex(text), number FROM read_csv('${csv}', ${options})`)
  const hex = (text: unknown) =>
    Buffer.from(text as string)
      .toString('hex')
      .toUpperCase()
  expect(reader.getRows()).toStrictEqual(rows.map(({ text, number }) => [hex(text), number]))
})

test('DuckDB reads the CSV back as it was', async () => {
  const select = `SELECT i AS id, CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'a,"' || i END AS word FROM range(100) AS t(i)`
  const { rows, columns } = await rowsOf(select)
  const path = join(folder, 'rows.csv')
  writeFileSync(path, csvHeader(columns.keys()) + rows.map((row) => csvLine(row, columns)).join(''))
  const read = `SELECT * FROM read_csv('${path}', header = true, allow_quoted_nulls = false, columns = {id: BIGINT, word: VARCHAR})`
  const reader = await duckdb.runAndReadAll(`(${read}) EXCEPT ALL (${select})`)
  expect(reader.getRows()).toEqual([])
})
