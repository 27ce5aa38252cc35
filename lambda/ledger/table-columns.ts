import type { Column } from '@aws-sdk/client-glue'
import { tableColumns, type Catalog } from '../../aws/partitions.ts'
import { glueType, type ColumnSpec } from '../../core/columns.ts'
import { DayfoldError } from '../../core/errors.ts'

/** Name and columns of a table as this release knows them. */
interface KnownTable {
  readonly name: string
  readonly columns: readonly ColumnSpec[]
}

/**
 * Returns the reason why this release leaves the days of a dataset to the release that the table belongs to; undefined
 * where it may publish them. Athena finds columns of Parquet files by name, so that either side may have more columns.
 * https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
 *
 * @throws DayfoldError TableGone where the catalog has no such table
 */
export async function whySuperseded(catalog: Catalog, dataset: KnownTable): Promise<string | undefined> {
  const table = await tableColumns(catalog, dataset.name)
  if (table) return retypedColumn(dataset, table)
  throw new DayfoldError(
    'TableGone',
    `Table ${catalog.database}.${dataset.name}: expected it in the catalog, found none. ` +
      'Deploy the release that has it, or leave the dataset out.',
  )
}

/**
 * Describes the first column that has different types in the release and in the catalog; undefined where there is none.
 */
export function retypedColumn({ name, columns }: KnownTable, table: readonly Column[]): string | undefined {
  const types = new Map(table.map(({ Name, Type }) => [Name, Type]))
  for (const column of columns) {
    const [expected, found] = [glueType(column), types.get(column.name)]
    if (found === undefined || found === expected) continue
    return `Table ${name}: expected column ${column.name} as ${expected}, found ${found}.`
  }
  return undefined
}
