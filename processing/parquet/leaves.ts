import type { ColumnKind, ParquetType } from '../../core/kinds/kind.ts'
import { COLUMN_KINDS } from '../../core/kinds/table.ts'
import type { ColumnSpec, ElementSpec, ScalarSpec } from '../../core/columns.ts'
import { parquetType } from '../../core/parquet-schema.ts'

/** A leaf of the Parquet schema, which holds values: one for each column, the innermost element if it is a list. */
export interface Leaf {
  /** Names in the schema, from below its root to the leaf. */
  readonly path: readonly string[]
  readonly spec: ScalarSpec
  /** Facts about columns of its kind: types, check, encoding, bounds. */
  readonly kind: ColumnKind
  /** Its type in the file. */
  readonly parquet: ParquetType
  /** Definition level of a value that is present; 0 if no such levels are written. */
  readonly maxDefinition: number
  /** Number of lists around the value; 0 if no repetition levels are written. */
  readonly maxRepetition: number
}

/** Returns the leaves of these columns in the Parquet schema, one per column, in their order. */
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
