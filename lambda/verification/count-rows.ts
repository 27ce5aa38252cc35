import { queryRows, runQuery, type QueryOptions } from '../../aws/athena-query.ts'
import { retryOverlaps, type RetryOverlapsOptions } from '../../aws/overlaps.ts'
import type { Day } from '../../core/dates.ts'
import { PARTITION_COLUMN } from '../../core/layout.ts'

/**
 * Days in one query: the text of a query is bounded. https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
 */
const DAYS_A_QUERY = 1000

/**
 * Counts the rows of the given days with Athena, at most 1,000 days per query. Days without rows are absent from the
 * result. Athena reads only the footers of Parquet files for this. A query is run again if files were replaced under
 * it.
 */
export async function countRows(
  table: string,
  days: readonly Day[],
  query: QueryOptions & RetryOverlapsOptions,
): Promise<Map<Day, number>> {
  const counts = new Map<Day, number>()
  for (let start = 0; start < days.length; start += DAYS_A_QUERY) {
    const sql = countSql(table, days.slice(start, start + DAYS_A_QUERY))
    const finished = await retryOverlaps(() => runQuery(sql, query), query)
    for await (const [day, count] of queryRows(query.athena, finished)) counts.set(day!, Number(count))
  }
  return counts
}

function countSql(table: string, days: readonly Day[]): string {
  const list = days.map((day) => `'${day}'`).join(', ')
  return (
    `SELECT "${PARTITION_COLUMN}", count(*) FROM "${table}" ` +
    `WHERE "${PARTITION_COLUMN}" IN (${list}) GROUP BY "${PARTITION_COLUMN}"`
  )
}
