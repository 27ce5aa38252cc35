import { DuckDBInstance } from '@duckdb/node-api'

/** How two sets of Parquet files compare, over all columns. */
export interface RowComparison {
  /** Of the left side. */
  readonly rows: number
  /** Rows that only the left side has, and only the right. */
  readonly surplus: readonly [number, number]
  /** Both hold the same rows, and hold any. */
  readonly areSame: boolean
}

/**
 * Compares two sets of Parquet files, whatever the order of their rows.
 *
 * @param left a pattern of files
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
