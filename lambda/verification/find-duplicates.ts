import { queryRows, runQuery, wouldFailAgain, type QueryOptions } from '../../aws/athena-query.ts'
import { listDuplicateDays, type DuplicateFacts } from '../../aws/duplicate-days.ts'
import { putDayEntry, removeDayEntry } from '../../aws/day-entries.ts'
import { retryOverlaps, type RetryOverlapsOptions } from '../../aws/overlaps.ts'
import type { Bucket } from '../../aws/objects.ts'
import { nameOfCheck, type Check } from '../../core/checks.ts'
import type { Day } from '../../core/dates.ts'
import { DayfoldError } from '../../core/errors.ts'
import { DUPLICATES, PARTITION_COLUMN } from '../../core/layout.ts'

/** Days in one query: the text of a query is bounded. */
const DAYS_A_QUERY = 1000

/** Query settings and the dataset's checks for {@link findDuplicates}. */
export interface FindDuplicatesOptions {
  readonly data: Bucket
  readonly query: QueryOptions & RetryOverlapsOptions
  /** All checks of the dataset; only those of kind `unique` are used. */
  readonly checks: readonly Check[]
  /** Called with the error of each check whose query would fail again, such as one of a column that is gone. */
  readonly onProblem?: ((problem: DayfoldError) => void) | undefined
}

/**
 * Finds rows that violate the dataset's `unique` checks, with Athena. Keeps an entry in `state/_duplicates/` for each
 * of the days that has such rows, and removes it from those that have none. Each check scans its columns once per 1,000
 * days. A check whose query would fail again finds nothing.
 *
 * @returns one sentence per day and check with duplicates, in the order of the days
 * @throws DayfoldError QueryFailed if a query fails that may succeed later; entries are as they were
 */
export async function findDuplicates(
  table: string,
  days: readonly Day[],
  { data, query, checks, onProblem }: FindDuplicatesOptions,
): Promise<string[]> {
  const told = new Map<Day, string[]>(days.map((day) => [day, []]))
  for (const check of checks) {
    if (check.check !== 'unique') continue
    try {
      for await (const [day, rows] of duplicates(table, days, check.columns, query))
        told.get(day)?.push(`${nameOfCheck(check)}: expected each once, found ${rows} rows more`)
    } catch (error) {
      if (!(error instanceof DayfoldError) || !wouldFailAgain(error)) throw error
      onProblem?.(error)
    }
  }
  if (days.length > 0) await keepEntries(data, table, told)
  return days.flatMap((day) => told.get(day)!.map((text) => `${table} ${day}: ${text}`))
}

async function* duplicates(
  table: string,
  days: readonly Day[],
  columns: readonly string[],
  query: QueryOptions & RetryOverlapsOptions,
): AsyncGenerator<[Day, number]> {
  for (let start = 0; start < days.length; start += DAYS_A_QUERY) {
    const sql = duplicatesSql(table, days.slice(start, start + DAYS_A_QUERY), columns)
    const finished = await retryOverlaps(() => runQuery(sql, query), query)
    for await (const [day, rows] of queryRows(query.athena, finished)) yield [day!, Number(rows)]
  }
}

function duplicatesSql(table: string, days: readonly Day[], columns: readonly string[]): string {
  const names = columns.map((column) => `"${column}"`)
  const list = days.map((day) => `'${day}'`).join(', ')
  const present = names.map((name) => `${name} IS NOT NULL`).join(' AND ')
  const groups = [`"${PARTITION_COLUMN}"`, ...names].join(', ')
  return (
    `SELECT "${PARTITION_COLUMN}", sum("more") FROM (SELECT "${PARTITION_COLUMN}", count(*) - 1 AS "more" ` +
    `FROM "${table}" WHERE "${PARTITION_COLUMN}" IN (${list}) AND ${present} GROUP BY ${groups} HAVING count(*) > 1) ` +
    `GROUP BY "${PARTITION_COLUMN}"`
  )
}

/** Removes all entries of a dataset in `state/_duplicates/`, once it has no `unique` checks any more. */
export async function forgetDuplicates(data: Bucket, table: string): Promise<void> {
  for (const entry of await listDuplicateDays(data, table)) await removeDayEntry(data, entry)
}

async function keepEntries(
  data: Bucket,
  table: string,
  told: ReadonlyMap<Day, readonly string[]>,
): Promise<void> {
  for (const entry of await listDuplicateDays(data, table))
    if (told.get(entry.date)?.length === 0) await removeDayEntry(data, entry)
  for (const [date, texts] of told)
    if (texts.length > 0)
      await putDayEntry(data, DUPLICATES, { dataset: table, date }, { told: texts } satisfies DuplicateFacts)
}
