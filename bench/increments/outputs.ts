import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { partitionPrefix } from '../../core/layout.ts'
import { DATASET, DATE } from './day.ts'

const partition = (home: string) => join(home, 's3/data', partitionPrefix(DATASET, DATE))

/** Parts that Athena sees of the day. */
export function partsOf(home: string): string[] {
  const folder = partition(home)
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
}

export interface RowDifferences {
  readonly rows: number
  /** Rows that one home has more often than the other. */
  readonly missing: number
  readonly surplus: number
}

/** Compares all columns of all rows of the day in two homes, duplicates counted, as DuckDB reads them. */
export async function compareRows(expected: string, found: string): Promise<RowDifferences> {
  const [left, right] = [expected, found].map((home) => `FROM read_parquet('${partition(home)}*.parquet')`)
  const [rows, missing, surplus] = await queryNumbers(`
    SELECT (SELECT count(*) ${right}),
           (SELECT count(*) FROM (SELECT * ${left} EXCEPT ALL SELECT * ${right})),
           (SELECT count(*) FROM (SELECT * ${right} EXCEPT ALL SELECT * ${left}))`)
  return { rows: rows!, missing: missing!, surplus: surplus! }
}

/** Rows of each row group of the day, part by part. */
export async function rowGroups(home: string): Promise<number[]> {
  const groups: number[] = []
  for (const part of partsOf(home)) {
    groups.push(
      ...(await queryNumbers(
        `SELECT DISTINCT ON (row_group_id) row_group_num_rows FROM parquet_metadata('${part}') ORDER BY row_group_id`,
      )),
    )
  }
  return groups
}

/** The values of a result, row by row. */
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

/** Everything of a home goes but what Athena sees of it. */
export function keepOutputs(home: string): void {
  for (const name of ['s3/data/staging', 's3/data/athena-results', 'sagemaker', 'athena']) {
    rmSync(join(home, name), { recursive: true, force: true })
  }
}
