import { DuckDBInstance } from '@duckdb/node-api'

const instance = await DuckDBInstance.create()
const connection = await instance.connect()

/** The rows of a query: a reader that has nothing to do with the project. */
export async function duckdb(sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJson()
}

/** How many rows one query has and the other has not, both ways. */
export async function differences(left: string, right: string): Promise<number> {
  const both = `SELECT (SELECT count(*) FROM (${left} EXCEPT ALL ${right})) + (SELECT count(*) FROM (${right} EXCEPT ALL ${left}))`
  return Number((await duckdb(both))[0]![0])
}

/** All parts of a table in a home, the partition's day as text. */
export function partsOf(home: string, table: string): string {
  const files = `${home}/s3/data/processed/${table}/*/*.parquet`
  return `read_parquet('${files}', hive_partitioning = true, hive_types = {day_partition: VARCHAR})`
}

/** The day that a raw file's path says. */
export const DAY_OF_FILE = `replace(regexp_extract(filename, '(\\d{4}/\\d{2}/\\d{2})/[^/]*$', 1), '/', '-')`
