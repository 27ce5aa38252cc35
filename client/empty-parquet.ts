import type { ColumnInfo } from '@aws-sdk/client-athena'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { COLUMN_KINDS, type KindSpec, type ScalarKind } from '../core/kinds/table.ts'
import type { ElementSpec } from '../core/columns.ts'
import { parquetSchema } from '../core/parquet-schema.ts'

/**
 * Returns the bytes of a Parquet file that has the columns of an Athena query's result and no rows. A column type that
 * Dayfold does not know becomes text.
 */
export function emptyParquet(columns: readonly Partial<ColumnInfo>[]): Uint8Array {
  const writer = new ByteWriter()
  const schema = parquetSchema(columns.map((column) => ({ name: column.Name!, ...specOf(column) })))
  void new ParquetWriter({ writer, schema }).finish()
  return writer.getBytes()
}

function specOf(column: Partial<ColumnInfo>): ElementSpec {
  const { Type = '' } = column
  if (!/^array\b/i.test(Type)) return { ...kindOf(column), nullable: true }
  const inner = /^array\((.*)\)$/i.exec(Type)?.[1] ?? 'varchar'
  return { kind: 'list', nullable: true, element: specOf({ ...column, Type: inner }) }
}

/** A type without a kind becomes text, which no value can contradict. */
function kindOf(column: Partial<ColumnInfo>): KindSpec {
  const type = column.Type!.toLowerCase()
  const kinds = Object.keys(COLUMN_KINDS) as ScalarKind[]
  const kind = kinds.find((candidate) => COLUMN_KINDS[candidate].athena.includes(type)) ?? 'string'
  const parameters = COLUMN_KINDS[kind].athenaParameters?.(column)
  return { kind, ...(parameters && { parameters }) }
}
