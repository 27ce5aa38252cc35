import type { ColumnSource } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { parquetTable, partKey } from '../support/home.ts'
import { jobs, JOBS, place, startAthena } from '../support/athena.ts'

const [STALE, GOOD] = ['2024-01-01', '2024-01-02']
const OF_STALE = `WHERE day_partition = '${STALE}'`

/** Columns of the table now, and before its salaries became doubles. */
const { Columns: COLUMNS = [] } = JOBS.StorageDescriptor!
const OLD_COLUMNS = COLUMNS.map((column) =>
  column.Name === 'salary' ? { ...column, Type: 'bigint' } : column,
)

const oldJobs = (...ids: string[]): ColumnSource[] => [
  ...jobs(...ids).slice(0, 1),
  { name: 'salary', data: ids.map((_, index) => BigInt(index)), type: 'INT64' },
]

/** Starts an Athena with a day whose file has `rows` and whose partition declares `columns`, and one that fits. */
async function twoDays(rows: ColumnSource[], columns = COLUMNS) {
  const athena = await startAthena()
  await athena.addDay(STALE, rows)
  await athena.addDay(GOOD, jobs('c', 'd'))
  const partition = (await athena.catalog.table('jobs')).partitions.get(STALE)!
  await athena.catalog.updatePartition('jobs', {
    Values: [STALE],
    StorageDescriptor: { ...partition.descriptor, Columns: columns },
  })
  return athena
}

test('a partition whose columns cannot be read as the table’s is refused, whatever its files hold', async () => {
  const { query } = await twoDays(jobs('a', 'b'), OLD_COLUMNS)
  for (const sql of ['SELECT count(*) FROM jobs', `SELECT job_id FROM jobs ${OF_STALE}`]) {
    await expect(query(sql)).rejects.toThrow(
      /^HIVE_PARTITION_SCHEMA_MISMATCH: .*'salary' in table 'jobs' is declared as type 'double', but partition 'day_partition=2024-01-01' declared column 'salary' as type 'bigint'/,
    )
  }
})

test('a file whose column cannot be read as its partition’s is refused where the column is read', async () => {
  const { query } = await twoDays(oldJobs('a', 'b'))
  const refused = query('SELECT salary FROM jobs')
  await expect(refused).rejects.toThrow(
    /^HIVE_BAD_DATA: Field salary's type bigint in parquet file s3:\/\/.* is incompatible with type double/,
  )
  await expect(refused).rejects.toThrow(partKey('jobs', STALE))
  expect(await query('SELECT count(*) FROM jobs')).toEqual([['_col0'], ['4']])
  expect(await query(`SELECT job_id, day_partition FROM jobs ${OF_STALE} ORDER BY 1`)).toEqual([
    ['job_id', 'day_partition'],
    ['a', STALE],
    ['b', STALE],
  ])
})

test.each([
  ['partition', OLD_COLUMNS],
  ['file', COLUMNS],
])('a %s that does not fit disturbs no query that leaves it out', async (_, columns) => {
  const { query } = await twoDays(oldJobs('a'), columns)
  const days = Array.from({ length: 20 }, (_, index) => `'2024-02-${10 + index}'`)
  for (const where of [
    `day_partition = '${GOOD}'`,
    `day_partition > '${STALE}'`,
    `day_partition BETWEEN '${GOOD}' AND '2024-01-31'`,
    `day_partition IN ('${GOOD}', ${days.join(', ')})`,
  ]) {
    expect(await query(`SELECT sum(salary) AS s, count(*) AS n FROM jobs WHERE ${where}`)).toEqual([
      ['s', 'n'],
      ['2.0', '2'],
    ])
  }
})

test('numbers that were narrower are read as the table’s, and an array of others is refused', async () => {
  const narrow: ColumnSource[] = [...jobs('a').slice(0, 1), { name: 'salary', data: [0.25], type: 'FLOAT' }]
  const { query, catalog } = await twoDays(narrow)
  expect(await query(`SELECT salary FROM jobs ${OF_STALE}`)).toEqual([['salary'], ['0.25']])
  const { descriptor } = (await catalog.table('jobs')).partitions.get(STALE)!
  const numbers = COLUMNS.map((column) =>
    column.Name === 'skills' ? { ...column, Type: 'array<int>' } : column,
  )
  const StorageDescriptor = { ...descriptor, Columns: numbers }
  await catalog.updatePartition('jobs', { Values: [STALE], StorageDescriptor })
  await expect(query('SELECT job_id FROM jobs')).rejects.toThrow(/^HIVE_PARTITION_SCHEMA_MISMATCH/)
})

test('a column that the table has gained is null in partitions and files that do not know it', async () => {
  const known = COLUMNS.filter(({ Name }) => Name !== 'salary')
  const { query } = await twoDays(jobs('a').slice(0, 1), known)
  expect(await query('SELECT job_id, salary FROM jobs ORDER BY 1')).toEqual([
    ['job_id', 'salary'],
    ['a', null],
    ['c', '0.5'],
    ['d', '1.5'],
  ])
})

test('a decimal is read where its precision and scale are those of the table, and refused where they are not', async () => {
  const tables = ['decimal(10,2)', 'decimal(10,3)'].map((price, index) =>
    parquetTable(`prices${index}`, { price }),
  )
  const { query, start, end, catalog } = await startAthena({ tables })
  for (const { Name: table } of tables) {
    const { Location } = place(table, GOOD)
    const rows = `SELECT CAST('12345678.90' AS DECIMAL(10,2)) AS price UNION ALL SELECT NULL`
    const unload = `UNLOAD (${rows}) TO '${Location}' WITH (format = 'PARQUET', compression = 'SNAPPY')`
    expect((await end(await start(unload))).Status).toMatchObject({ State: 'SUCCEEDED' })
    await catalog.createPartition(table, { Values: [GOOD], StorageDescriptor: { Location } })
  }
  expect(await query('SELECT price FROM prices0 ORDER BY 1')).toEqual([['price'], ['12345678.90'], [null]])
  await expect(query('SELECT price FROM prices1')).rejects.toThrow(
    /^HIVE_BAD_DATA: Field price's type decimal\(10,2\) in parquet file s3:.* is incompatible with type decimal\(10,3\)/,
  )
})
