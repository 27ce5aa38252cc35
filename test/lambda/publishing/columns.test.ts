import { expect, test } from 'vitest'
import type { ColumnSpec } from '../../../core/columns.ts'
import { checkColumns } from '../../../lambda/publishing/columns.ts'

const price = (precision: number, scale: number): ColumnSpec[] => [
  { name: 'price', kind: 'decimal', parameters: [precision, scale], nullable: true },
]

test('a decimal of another precision or scale is another type', () => {
  const table = [{ Name: 'price', Type: 'decimal(10,2)' }]
  checkColumns('orders', price(10, 2), table)
  for (const [precision, scale] of [
    [10, 3],
    [11, 2],
  ] as const) {
    expect(() => checkColumns('orders', price(precision, scale), table)).toThrow(
      expect.objectContaining({
        code: 'ColumnsMismatch',
        message: expect.stringContaining(
          `expected column 1 to be price decimal(${precision},${scale}), found price decimal(10,2)`,
        ) as string,
      }) as Error,
    )
  }
})

const COLUMNS: readonly ColumnSpec[] = [
  { name: 'id', kind: 'string', nullable: false },
  { name: 'at', kind: 'timestamp', nullable: true },
]
const TABLE = [
  { Name: 'id', Type: 'string' },
  { Name: 'at', Type: 'timestamp' },
]

test('a table with the columns of its dataset passes', () => {
  expect(() => checkColumns('jobs', COLUMNS, TABLE)).not.toThrow()
})

test.each([
  [
    'of another type',
    [TABLE[0]!, { Name: 'at', Type: 'date' }],
    'column 2 to be at timestamp, found at date',
  ],
  ['in another order', TABLE.toReversed(), 'column 1 to be id string, found at timestamp'],
  ['too few', TABLE.slice(0, 1), 'column 2 to be at timestamp, found none'],
  ['too many', [...TABLE, { Name: 'more', Type: 'int' }], 'column 3 to be absent, found more int'],
])('columns %s are a ColumnsMismatch, which is not tried again', (_, table, text) => {
  const message = `Table jobs: expected ${text}. Deploy the stack again, then rebuild the days.`
  expect(() => checkColumns('jobs', COLUMNS, table)).toThrow(
    expect.objectContaining({ code: 'ColumnsMismatch', name: 'ColumnsMismatch', message }) as Error,
  )
})
