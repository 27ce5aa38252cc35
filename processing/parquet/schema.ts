import type { SchemaElement } from 'hyparquet'
import type { ColumnSpec, ElementSpec, ScalarKind } from '../../core/columns.ts'

/** A column of the file that holds values: a column, or the innermost element of a list. */
export interface Leaf {
  /** From the root's child down. */
  readonly path: readonly string[]
  readonly kind: ScalarKind
  readonly element: SchemaElement
  /** Definition level of a value that is there; 0: no definition levels are written. */
  readonly maxDefinition: number
  /** How many lists surround the value; 0: no repetition levels are written. */
  readonly maxRepetition: number
}

type Physical = Pick<SchemaElement, 'type' | 'converted_type'>

/**
 * Physical and converted types. Timestamps carry the converted type only: with a logical type beside it, readers
 * disagree about the time zone.
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
const PHYSICAL: Readonly<Record<ScalarKind, Physical>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  date: { type: 'INT32', converted_type: 'DATE' },
}

/** The schema of a file with these columns: lists have the three levels that the format's documentation asks for. */
export function parquetSchema(columns: readonly ColumnSpec[]): SchemaElement[] {
  const root: SchemaElement = { name: 'root', num_children: columns.length }
  return [root, ...columns.flatMap((column) => elements(column.name, column))]
}

/** The leaves of these columns, one a column, in the order of the schema. */
export function leavesOf(columns: readonly ColumnSpec[]): Leaf[] {
  return columns.map((column) => {
    const path: string[] = []
    let [maxDefinition, maxRepetition] = [0, 0]
    let current: ElementSpec = column
    for (let name = column.name; ; name = 'element') {
      path.push(name)
      if (current.nullable) maxDefinition++
      if (current.kind === 'list') {
        path.push('list')
        maxDefinition++
        maxRepetition++
        current = current.element!
        continue
      }
      const element = elements(name, current)[0]!
      return { path, kind: current.kind, element, maxDefinition, maxRepetition }
    }
  })
}

function elements(name: string, spec: ElementSpec): SchemaElement[] {
  const repetition_type = spec.nullable ? 'OPTIONAL' : 'REQUIRED'
  if (spec.kind !== 'list') return [{ name, repetition_type, ...PHYSICAL[spec.kind] }]
  return [
    { name, repetition_type, num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...elements('element', spec.element!),
  ]
}
