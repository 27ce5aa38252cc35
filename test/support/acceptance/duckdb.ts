import { DuckDBInstance } from '@duckdb/node-api'

const instance = await DuckDBInstance.create()
const connection = await instance.connect()

/** Returns the rows of a query, read by DuckDB, which shares no code with the project. */
export async function duckdb(sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJson()
}

/** Counts the rows that only one of two queries has. */
export async function differences(left: string, right: string): Promise<number> {
  const both = `SELECT (SELECT count(*) FROM (${left} EXCEPT ALL ${right})) + (SELECT count(*) FROM (${right} EXCEPT ALL ${left}))`
  return Number((await duckdb(both))[0]![0])
}

/** Returns SQL for all parts of a table in a home, with the partition's day as text. */
export function partsOf(home: string, table: string): string {
  const files = `${home}/s3/data/processed/${table}/*/*.parquet`
  return `read_parquet('${files}', hive_partitioning = true, hive_types = {day_partition: VARCHAR})`
}

/** SQL of the day in a raw file's path. */
export const DAY_OF_FILE = `replace(regexp_extract(filename, '(\\d{4}/\\d{2}/\\d{2})/[^/]*$', 1), '/', '-')`
