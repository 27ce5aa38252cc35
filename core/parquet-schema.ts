import type { SchemaElement } from 'hyparquet'
import type { ColumnKind, ParquetType } from './kinds/kind.ts'
import { COLUMN_KINDS, type KindSpec } from './kinds/table.ts'
import type { ColumnSpec, ElementSpec } from './columns.ts'

/**
 * Returns the schema of a Parquet file with these columns, root first. Lists have three levels, as the format's
 * documentation asks.
 */
export function parquetSchema(columns: readonly ColumnSpec[]): SchemaElement[] {
  const root: SchemaElement = { name: 'root', num_children: columns.length }
  return [root, ...columns.flatMap((column) => elements(column.name, column))]
}

function elements(name: string, spec: ElementSpec): SchemaElement[] {
  const repetition_type = spec.nullable ? 'OPTIONAL' : 'REQUIRED'
  if (spec.kind !== 'list') return [{ name, repetition_type, ...parquetType(spec) }]
  return [
    { name, repetition_type, num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...elements('element', spec.element),
  ]
}

/** Returns the Parquet type that stores values of a kind, given its parameters. */
export function parquetType(spec: KindSpec): ParquetType {
  const { parquet, parquetParameters } = COLUMN_KINDS[spec.kind]
  return { ...parquet, ...parquetParameters?.(spec) }
}

/**
 * Returns the column kind that matches the type of a leaf in a Parquet file of any writer; undefined for a type that no
 * kind uses.
 */
export function kindOfLeaf({ type, converted_type, logical_type }: ParquetType): ColumnKind | undefined {
  return BY_STORAGE.get(converted_type ?? logical_type?.type ?? type)
}

const BY_STORAGE: ReadonlyMap<string | undefined, ColumnKind> = new Map(
  Object.values(COLUMN_KINDS).map((kind) => [kind.parquet.converted_type ?? kind.parquet.type, kind]),
)
