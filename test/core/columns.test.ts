import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COLUMN_KINDS, type KindSpec, type ScalarKind } from '../../core/kinds/table.ts'
import { columnFromGlue, glueType, type ElementSpec } from '../../core/columns.ts'
import { kindOfLeaf, parquetSchema, parquetType } from '../../core/parquet-schema.ts'

/** Every kind, with its parameters if it has any. */
const kinds = fc.constantFrom<KindSpec>(
  ...(Object.keys(COLUMN_KINDS) as ScalarKind[])
    .filter((kind) => kind !== 'decimal')
    .map((kind) => ({ kind })),
  ...[
    [1, 0],
    [9, 9],
    [38, 10],
  ].map((parameters) => ({ kind: 'decimal' as const, parameters })),
)

const { element } = fc.letrec<{ element: ElementSpec }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 3 },
    kinds.map((spec) => ({ ...spec, nullable: true })),
    tie('element').map((inner) => ({ kind: 'list' as const, nullable: true, element: inner })),
  ),
}))

test('a column is known again by its type in the catalog', () => {
  fc.assert(
    fc.property(element, (spec) => {
      expect(columnFromGlue('c', glueType(spec))).toEqual({ name: 'c', ...spec })
    }),
  )
})

test.each(['map<string,int>', 'string(3)', 'array<blob>', 'int()', 'decimal', 'decimal(3)', ''])(
  'another type of the catalog is refused: %s',
  (type) => {
    const inner = type === 'array<blob>' ? 'blob' : type
    expect(() => columnFromGlue('c', type)).toThrow(
      `Column c: expected a type among string, int, bigint, float, double, boolean, timestamp, date, decimal(precision,scale) or array<…>, found ${inner}.`,
    )
  },
)

test('a decimal has its precision and scale in the catalog, with a blank between them or without', () => {
  expect(glueType({ kind: 'decimal', parameters: [10, 2], nullable: false })).toBe('decimal(10,2)')
  expect(columnFromGlue('c', 'array<decimal(10, 2)>')).toEqual({
    name: 'c',
    kind: 'list',
    nullable: true,
    element: { kind: 'decimal', parameters: [10, 2], nullable: true },
  })
})

test('a leaf of a file is known by how it is stored, whoever wrote it', () => {
  fc.assert(
    fc.property(kinds, (spec) => {
      expect(kindOfLeaf(parquetType(spec))).toBe(COLUMN_KINDS[spec.kind])
    }),
  )
  expect(kindOfLeaf({ type: 'INT32', logical_type: { type: 'DATE' } })).toBe(COLUMN_KINDS.date)
  expect(kindOfLeaf({ type: 'INT96' })).toBeUndefined()
})

test('a list has three levels in the schema of a file, and a list in it as many more', () => {
  const element = { kind: 'decimal', parameters: [9, 2], nullable: false } as const
  const inner = { kind: 'list', nullable: true, element } as const
  const columns = [
    { name: 'id', kind: 'int64', nullable: false },
    { name: 'nested', kind: 'list', nullable: false, element: inner },
  ] as const
  const list = { name: 'list', repetition_type: 'REPEATED', num_children: 1 }
  expect(parquetSchema(columns)).toEqual([
    { name: 'root', num_children: 2 },
    { name: 'id', repetition_type: 'REQUIRED', type: 'INT64' },
    { name: 'nested', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
    list,
    { name: 'element', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    list,
    {
      ...{ name: 'element', repetition_type: 'REQUIRED' },
      ...{ type: 'INT32', converted_type: 'DECIMAL', precision: 9, scale: 2 },
    },
  ])
})
