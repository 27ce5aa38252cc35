import { queryColumns, queryRows, runQuery } from '../aws/athena-query.ts'
import { retryOverlaps } from '../aws/overlaps.ts'
import type { Target } from './target.ts'

/** Whole result of a query, in memory. */
export interface QueryResult {
  /** Names of the columns. */
  readonly columns: readonly string[]
  /** Values as Athena writes them, or null. */
  readonly rows: readonly (readonly (string | null)[])[]
}

/**
 * Runs a SELECT and returns its whole result, for results of up to some thousand rows. Runs it again if it failed
 * because files were replaced meanwhile.
 *
 * @throws DayfoldError QueryFailed with Athena's reason
 */
export function query(target: Target, sql: string): Promise<QueryResult> {
  const { clients, database, workgroup } = target
  return retryOverlaps(async () => {
    const finished = await runQuery(sql, { athena: clients.athena, database, workgroup })
    const columns = (await queryColumns(clients.athena, finished)).map(({ Name }) => Name!)
    const rows: (readonly (string | null)[])[] = []
    for await (const row of queryRows(clients.athena, finished)) rows.push(row)
    return { columns, rows }
  })
}
