import type { FileMetaData, SchemaElement } from 'hyparquet'
import { expect, test } from 'vitest'
import { compareColumns, declaredTypes, storedTypes } from '../../../client/diff/compare-columns.ts'
import { columnTrees } from '../../../client/parquet-file.ts'
import type { ColumnSpec } from '../../../core/columns.ts'
import { parquetSchema } from '../../../core/parquet-schema.ts'

/** Types of the columns of a file with this schema. */
function typesOf(schema: readonly SchemaElement[]): Record<string, string> {
  const metadata = { schema } as unknown as FileMetaData
  return Object.fromEntries(storedTypes(columnTrees({ path: 'p', buffer: undefined as never, metadata })))
}

const COLUMNS: readonly ColumnSpec[] = [
  { name: 'id', kind: 'int64', nullable: false },
  { name: 'price', kind: 'decimal', parameters: [10, 2], nullable: true },
  { name: 'tags', kind: 'list', nullable: true, element: { kind: 'string', nullable: true } },
]

test('stored types are those that are declared', () => {
  const types = typesOf(parquetSchema(COLUMNS))
  expect(types).toEqual({ id: 'bigint', price: 'decimal(10,2)', tags: 'array<string>' })
  expect(types).toEqual(Object.fromEntries(declaredTypes(COLUMNS)))
})

test('types that no column has are told by their names in Parquet, structs as such', () => {
  expect(
    typesOf([
      { name: 'root', num_children: 4 },
      { name: 'ancient', type: 'INT96' },
      { name: 'binary', type: 'BYTE_ARRAY' },
      { name: 'whole', type: 'INT32', converted_type: 'DECIMAL', precision: 5 },
      { name: 'both', num_children: 1 },
      { name: 'id', type: 'INT64' },
    ]),
  ).toEqual({ ancient: 'int96', binary: 'byte_array', whole: 'decimal(5,0)', both: 'struct' })
})

test('columns are compared by their names and types, whatever their order', () => {
  const before = new Map([
    ['a', 'int'],
    ['b', 'string'],
    ['c', 'date'],
  ])
  const after = new Map([
    ['d', 'int'],
    ['c', 'date'],
    ['b', 'bigint'],
  ])
  expect(compareColumns(before, after)).toEqual({
    added: [{ name: 'd', type: 'int' }],
    gone: [{ name: 'a', type: 'int' }],
    changed: [{ name: 'b', before: 'string', after: 'bigint' }],
    same: ['c'],
  })
})
