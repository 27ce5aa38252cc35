import { DuckDBInstance } from '@duckdb/node-api'

/**
 * Proves that two sets of Parquet files hold the same rows, over all columns.
 *
 * @param left a pattern of files
 * @throws Error with the number of rows that only one side has
 */
export async function proveSameRows(left: string, right: string): Promise<number> {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  const count = async (query: string) => {
    const result = await connection.runAndReadAll(`SELECT count(*)::INT FROM (${query})`)
    return Number(result.getRows()[0]![0])
  }
  const [from, to] = [`SELECT * FROM read_parquet('${left}')`, `SELECT * FROM read_parquet('${right}')`]
  const surplus = [await count(`${from} EXCEPT ALL ${to}`), await count(`${to} EXCEPT ALL ${from}`)]
  const rows = await count(from)
  connection.closeSync()
  database.closeSync()
  if (rows > 0 && surplus.every((found) => found === 0)) return rows
  throw new Error(
    `Rows: expected the same in ${left} and ${right}, found ${surplus.join(' and ')} in one only.`,
  )
}
