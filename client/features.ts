import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Day } from '../core/dates.ts'
import type { PARTITION_COLUMN } from '../core/layout.ts'
import type { Dataset, ReadOf } from '../processing/dataset.ts'
import { readChecked } from './checked-read.ts'
import { featuresSql, type FeatureRange } from './features-sql.ts'
import type { Allowed } from './gaps.ts'
import { openParquet, readBatches } from './parquet-file.ts'
import type { RangeDay } from './range-days.ts'
import type { Target } from './target.ts'
import { downloadParts, unload, type Unloaded } from './unload.ts'

type ColumnsOf<D> = D extends Dataset<string, infer C> ? C : never
/** Name of a column of dataset type `D`. */
export type ColumnName<D> = keyof ColumnsOf<D> & string
/** A row of dataset type `D` as it is read back: the columns `K` and the day. */
export type FeatureRow<D, K extends ColumnName<D> = ColumnName<D>> = {
  readonly [N in K]: ReadOf<ColumnsOf<D>[N]>
} & { readonly [PARTITION_COLUMN]: Day }

/** Deficient days that a read of features accepts, and a callback. */
export interface FeaturesOptions extends Allowed {
  /** Called before the first row, with the state of each day of the range. @default not called */
  readonly onDays?: (days: readonly RangeDay[]) => void
}

/**
 * Reads the features of a range of days, typed by the dataset's columns, in no particular order. Holds the values of
 * one row group in memory; the files are on disk meanwhile.
 *
 * @throws DayfoldError InvalidInput for a bad range or column
 * @throws DayfoldError DaysMissing, MixedFeatureCode, DaysMoved if days have gaps, mixed feature code, or change during
 *   each attempt
 * @throws DayfoldError QueryFailed with Athena's reason
 */
export async function* streamFeatures<D extends Dataset, K extends ColumnName<D> = ColumnName<D>>(
  target: Target,
  dataset: D,
  range: FeatureRange<K>,
  options: FeaturesOptions = {},
): AsyncGenerator<FeatureRow<D, K>> {
  const sql = featuresSql({ name: dataset.name, columns: Object.keys(dataset.columns) }, range)
  const read = () => unload(target, sql)
  const discard = (unread: Unloaded) => unread.remove()
  const asked = { ...range, datasets: [dataset.name] }
  const { result: unloaded, days } = await readChecked(target, asked, read, discard, options)
  options.onDays?.(days)
  const folder = await mkdtemp(join(tmpdir(), 'dayfold-load-'))
  try {
    for (const path of await downloadParts(target, unloaded.parts, folder)) {
      for await (const rows of readBatches(await openParquet(path))) {
        yield* rows as FeatureRow<D, K>[]
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    await unloaded.remove()
  }
}

/**
 * Reads all rows that {@link streamFeatures} yields into an array in memory.
 *
 * @throws DayfoldError as {@link streamFeatures}
 */
export async function loadFeatures<D extends Dataset, K extends ColumnName<D> = ColumnName<D>>(
  target: Target,
  dataset: D,
  range: FeatureRange<K>,
  options: FeaturesOptions = {},
): Promise<FeatureRow<D, K>[]> {
  const rows: FeatureRow<D, K>[] = []
  for await (const row of streamFeatures(target, dataset, range, options)) rows.push(row)
  return rows
}
