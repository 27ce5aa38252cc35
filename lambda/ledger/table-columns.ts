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
 * Returns the reason why this release may not publish days of a dataset: the table in the catalog has a column of
 * another type, so it belongs to another release. Undefined if it may. Columns that only one of the two has do not
 * matter, as Athena finds columns of Parquet files by name.
 * https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
 *
 * @throws DayfoldError TableGone if the catalog has no such table
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
 * Describes, in a sentence, the first column whose type in the release differs from that in the catalog; undefined if
 * all agree.
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
