import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { QueryColumn } from '../aws/athena-query.ts'

/** A Parquet file with columns and no rows. */
export function emptyParquet(columns: readonly QueryColumn[]): Uint8Array {
  const writer = new ByteWriter()
  const schema = [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elements)]
  void new ParquetWriter({ writer, schema }).finish()
  return writer.getBytes()
}

const OPTIONAL = { repetition_type: 'OPTIONAL' } as const

/** What Athena calls types, without their parameters: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const PHYSICAL: Readonly<Record<string, Partial<SchemaElement>>> = {
  boolean: { type: 'BOOLEAN' },
  tinyint: { type: 'INT32' },
  smallint: { type: 'INT32' },
  integer: { type: 'INT32' },
  bigint: { type: 'INT64' },
  float: { type: 'FLOAT' },
  real: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  date: { type: 'INT32', converted_type: 'DATE' },
}

/** What is not known is text: there is no value that could tell. */
const TEXT: Partial<SchemaElement> = { type: 'BYTE_ARRAY', converted_type: 'UTF8' }

function elements({ name, type }: QueryColumn): SchemaElement[] {
  if (!/^array\b/i.test(type)) return [{ name, ...OPTIONAL, ...(PHYSICAL[type.toLowerCase()] ?? TEXT) }]
  const inner = /^array\((.*)\)$/i.exec(type)?.[1] ?? 'varchar'
  return [
    { name, ...OPTIONAL, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...elements({ name: 'element', type: inner }),
  ]
}
