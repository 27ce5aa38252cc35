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
