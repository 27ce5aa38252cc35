import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { partitionPrefix } from '../../core/layout.ts'
import { DATE } from '../../test/support/increments/day.ts'

const partition = ({ home, table }: Output) => join(home, 's3/data', partitionPrefix(table, DATE))

/** A home and the table in it that holds the day. */
export interface Output {
  readonly home: string
  readonly table: string
}

/** Lists the parts of the day that Athena sees. */
function partsOf(output: Output): string[] {
  const folder = partition(output)
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
}

/** Differences between the rows of two homes. */
export interface RowDifferences {
  readonly rows: number
  /** Rows that one home has more often than the other. */
  readonly missing: number
  readonly surplus: number
}

/** Compares all columns of all rows of the day in two homes, duplicates counted, as DuckDB reads them. */
export async function compareRows(expected: Output, found: Output): Promise<RowDifferences> {
  const [left, right] = [expected, found].map(
    (output) => `FROM read_parquet('${partition(output)}*.parquet')`,
  )
  const [rows, missing, surplus] = await queryNumbers(`
    SELECT (SELECT count(*) ${right}),
           (SELECT count(*) FROM (SELECT * ${left} EXCEPT ALL SELECT * ${right})),
           (SELECT count(*) FROM (SELECT * ${right} EXCEPT ALL SELECT * ${left}))`)
  return { rows: rows!, missing: missing!, surplus: surplus! }
}

/** Returns the rows of each row group of the day, part by part. */
export async function rowGroups(output: Output): Promise<number[]> {
  const groups: number[] = []
  for (const part of partsOf(output)) {
    groups.push(
      ...(await queryNumbers(
        `SELECT DISTINCT ON (row_group_id) row_group_num_rows FROM parquet_metadata('${part}') ORDER BY row_group_id`,
      )),
    )
  }
  return groups
}

/** Returns the values of a result, row by row. */
async function queryNumbers(sql: string): Promise<number[]> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRows().flatMap((row) => row.map(Number))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Removes from a home everything but the tables. */
export function keepOutputs(home: string): void {
  for (const name of ['s3/data/staging', 's3/data/athena-results', 'sagemaker', 'athena']) {
    rmSync(join(home, name), { recursive: true, force: true })
  }
}
