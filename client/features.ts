import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Day } from '../core/dates.ts'
import type { PARTITION_COLUMN } from '../core/layout.ts'
import type { Dataset, ReadOf } from '../processing/dataset.ts'
import { featuresSql, type FeatureRange } from './features-sql.ts'
import { openParquet, readRowGroups } from './parquet-file.ts'
import type { Target } from './target.ts'
import { downloadParts, unload } from './unload.ts'

type ColumnsOf<D> = D extends Dataset<string, infer C> ? C : never
/** Names of a dataset's columns. */
export type ColumnName<D> = keyof ColumnsOf<D> & string
/** A row of a dataset as it is read back. */
export type FeatureRow<D, K extends ColumnName<D> = ColumnName<D>> = {
  readonly [N in K]: ReadOf<ColumnsOf<D>[N]>
} & { readonly [PARTITION_COLUMN]: Day }
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
