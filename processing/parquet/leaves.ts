import type { ColumnKind, ParquetType } from '../../core/kinds/kind.ts'
import { COLUMN_KINDS } from '../../core/kinds/table.ts'
import type { ColumnSpec, ElementSpec, ScalarSpec } from '../../core/columns.ts'
import { parquetType } from '../../core/parquet-schema.ts'

/** A column of the file that holds values: a column, or the innermost element of a list. */
export interface Leaf {
  /** Names in the schema, from the root's child down. */
  readonly path: readonly string[]
  readonly spec: ScalarSpec
  readonly kind: ColumnKind
  readonly parquet: ParquetType
  /** Definition level of a value that is present; 0 if no definition levels are written. */
  readonly maxDefinition: number
  /** Number of lists around the value; 0 if no repetition levels are written. */
  readonly maxRepetition: number
}

/** Returns the leaves of these columns, one per column, in the order of the schema. */
export function leavesOf(columns: readonly ColumnSpec[]): Leaf[] {
  return columns.map((column) => {
    const path = [column.name]
    let [maxDefinition, maxRepetition] = [0, 0]
    let spec: ElementSpec = column
    for (; spec.kind === 'list'; spec = spec.element) {
      path.push('list', 'element')
      maxDefinition += spec.nullable ? 2 : 1
      maxRepetition++
    }
    if (spec.nullable) maxDefinition++
    const kind = COLUMN_KINDS[spec.kind]
    return { path, spec, kind, parquet: parquetType(spec), maxDefinition, maxRepetition }
  })
}
