import { DuckDBInstance } from '@duckdb/node-api'

/** Result of comparing two sets of Parquet files over all columns. */
export interface RowComparison {
  /** Number of rows on the left side. */
  readonly rows: number
  /** Number of rows that only the left side has, and only the right. */
  readonly surplus: readonly [number, number]
  /** True if both hold the same rows, and at least one. */
  readonly areSame: boolean
}

/**
 * Compares two sets of Parquet files, whatever the order of their rows.
 *
 * @param left pattern of files
 */
export async function compareRows(left: string, right: string): Promise<RowComparison> {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  const count = async (query: string) => {
    const result = await connection.runAndReadAll(`SELECT count(*)::INT FROM (${query})`)
    return Number(result.getRows()[0]![0])
  }
  const [from, to] = [`SELECT * FROM read_parquet('${left}')`, `SELECT * FROM read_parquet('${right}')`]
  const surplus = [await count(`${from} EXCEPT ALL ${to}`), await count(`${to} EXCEPT ALL ${from}`)] as const
  const rows = await count(from)
  connection.closeSync()
  database.closeSync()
  return { rows, surplus, areSame: rows > 0 && surplus.every((found) => found === 0) }
}
