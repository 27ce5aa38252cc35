import type { SchemaElement } from 'hyparquet'
import type { ColumnKind, ParquetType } from './kinds/kind.ts'
import { COLUMN_KINDS, type KindSpec } from './kinds/table.ts'
import type { ColumnSpec, ElementSpec } from './columns.ts'

/** The schema of a file with these columns: lists have the three levels that the format's documentation asks for. */
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

/** How Parquet stores the values of a kind. */
export function parquetType(spec: KindSpec): ParquetType {
  const { parquet, parquetParameters } = COLUMN_KINDS[spec.kind]
  return { ...parquet, ...parquetParameters?.(spec) }
}

/** The kind whose values a leaf of a file holds, whoever wrote it; undefined for a leaf of another type. */
export function kindOfLeaf({ type, converted_type, logical_type }: ParquetType): ColumnKind | undefined {
  return BY_STORAGE.get(converted_type ?? logical_type?.type ?? type)
}

const BY_STORAGE: ReadonlyMap<string | undefined, ColumnKind> = new Map(
  Object.values(COLUMN_KINDS).map((kind) => [kind.parquet.converted_type ?? kind.parquet.type, kind]),
)
