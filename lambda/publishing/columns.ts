import type { Column } from '@aws-sdk/client-glue'
import { glueType, type ColumnSpec } from '../../core/columns.ts'
import { DayfoldError } from '../../core/errors.ts'

/**
 * Checks that the catalog's table has the columns of the dataset, in the same order and of the same types.
 *
 * @throws DayfoldError ColumnsMismatch naming the first column that differs
 */
export function checkColumns(
  dataset: string,
  columns: readonly ColumnSpec[],
  table: readonly Column[],
): void {
  const length = Math.max(columns.length, table.length)
  for (let index = 0; index < length; index++) {
    const [column, actual] = [columns[index], table[index]]
    const expected = column && `${column.name} ${glueType(column)}`
    const found = actual && `${actual.Name} ${actual.Type}`
    if (expected === found) continue
    throw new DayfoldError(
      'ColumnsMismatch',
      `Table ${dataset}: expected column ${index + 1} to be ${expected ?? 'absent'}, found ${found ?? 'none'}. ` +
        'Deploy the stack again, then rebuild the days.',
      { context: { dataset, index, expected, found } },
    )
  }
}
