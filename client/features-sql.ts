import { parseDay, type Day } from '../core/dates.ts'
import { DayfoldError } from '../core/errors.ts'
import { PARTITION_COLUMN } from '../core/layout.ts'

/** Days and columns of a dataset's table to read. */
export interface FeatureRange<K extends string = string> {
  /** First day, inclusive. */
  readonly from: Day
  /** Last day, inclusive. */
  readonly to: Day
  /** Names of columns, without the day, which is always read. @default all columns */
  readonly columns?: readonly K[]
}

/**
 * Builds the SELECT that reads a range of a dataset's table: the chosen columns, then the day.
 *
 * @throws DayfoldError InvalidInput for a day that does not exist, `from` after `to`, or an unknown column
 */
export function featuresSql(
  dataset: { readonly name: string; readonly columns: readonly string[] },
  { from, to, columns = dataset.columns }: FeatureRange,
): string {
  parseDay(from, 'from')
  parseDay(to, 'to')
  if (from > to) throw invalid(`from: expected a day not after to (${to}), found "${from}".`)
  const known = [...dataset.columns, PARTITION_COLUMN]
  for (const column of columns) {
    if (known.includes(column)) continue
    throw invalid(`Columns of ${dataset.name}: expected names among ${known.join(', ')}, found "${column}".`)
  }
  const chosen = [...new Set([...columns, PARTITION_COLUMN])]
  const names = chosen.map((name) => `"${name}"`).join(', ')
  return `SELECT ${names} FROM "${dataset.name}" WHERE ${PARTITION_COLUMN} BETWEEN '${from}' AND '${to}'`
}

function invalid(message: string): DayfoldError {
  return new DayfoldError('InvalidInput', message)
}
