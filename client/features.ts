import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDay, type Day } from '../core/dates.ts'
import { DayfoldError } from '../core/errors.ts'
import { PARTITION_COLUMN } from '../core/layout.ts'
import type { Dataset, ValueOf } from '../processing/dataset.ts'
import { openParquet, readRowGroups } from './parquet-file.ts'
import type { Target } from './target.ts'
import { downloadParts, unload } from './unload.ts'

type ColumnsOf<D> = D extends Dataset<string, infer C> ? C : never
/** Names of a dataset's columns. */
export type ColumnName<D> = keyof ColumnsOf<D> & string
/** A row of a dataset as it is read back. */
export type FeatureRow<D, K extends ColumnName<D> = ColumnName<D>> = {
  readonly [N in K]: ReadValue<ValueOf<ColumnsOf<D>[N]>>
} & { readonly [PARTITION_COLUMN]: Day }
/** A column's value as it is read back: 64-bit integers are always bigint. */
export type ReadValue<V> = [V] extends [readonly (infer E)[] | null]
  ? readonly ReadValue<E>[] | Extract<V, null>
  : [bigint] extends [V]
    ? Exclude<V, number>
    : V

export interface FeatureRange<K extends string = string> {
  /** First and last day, inclusive. */
  readonly from: Day
  readonly to: Day
  /** @default all columns */
  readonly columns?: readonly K[]
}

/**
 * The SQL of a range of a table: the columns, then the day.
 *
 * @throws DayfoldError InvalidInput for a day that does not exist, `from` after `to`, or a column that is not there
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

/**
 * The features of a range of days, typed by the dataset's columns, in no particular order. Holds a row group; the
 * files are on disk meanwhile.
 *
 * @throws DayfoldError InvalidInput for a bad range or column
 * @throws DayfoldError QueryFailed with Athena's reason
 */
export async function* streamFeatures<D extends Dataset, K extends ColumnName<D> = ColumnName<D>>(
  target: Target,
  dataset: D,
  range: FeatureRange<K>,
): AsyncGenerator<FeatureRow<D, K>> {
  const sql = featuresSql({ name: dataset.name, columns: Object.keys(dataset.columns) }, range)
  const unloaded = await unload(target, sql)
  const folder = await mkdtemp(join(tmpdir(), 'dayfold-load-'))
  try {
    for (const path of await downloadParts(target, unloaded.parts, folder)) {
      for await (const rows of readRowGroups(await openParquet(path))) {
        yield* rows as FeatureRow<D, K>[]
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    await unloaded.remove()
  }
}

/** What {@link streamFeatures} yields, as an array. */
export async function loadFeatures<D extends Dataset, K extends ColumnName<D> = ColumnName<D>>(
  target: Target,
  dataset: D,
  range: FeatureRange<K>,
): Promise<FeatureRow<D, K>[]> {
  const rows: FeatureRow<D, K>[] = []
  for await (const row of streamFeatures(target, dataset, range)) rows.push(row)
  return rows
}
