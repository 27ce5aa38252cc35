import { expect, expectTypeOf, test } from 'vitest'
import { featuresSql } from '../../client/features-sql.ts'
import type { FeatureRow } from '../../client/features.ts'
import {
  date,
  decimal,
  defineDataset,
  float32,
  int64,
  list,
  string,
  timestamp,
  type ReadOf,
  type ValueOf,
} from '../../processing/dataset.ts'

const dataset = defineDataset({
  name: 'events',
  columns: {
    id: int64(),
    name: string().nullable(),
    at: timestamp(),
    day: date().nullable(),
    scores: list(float32()),
    parents: list(int64()).nullable(),
  },
  extract: () => null,
})
const described = { name: dataset.name, columns: Object.keys(dataset.columns) }

test('a range is all columns and the day, between two days', () => {
  expect(featuresSql(described, { from: '2024-01-01', to: '2024-01-31' })).toBe(
    'SELECT "id", "name", "at", "day", "scores", "parents", "day_partition" FROM "events" ' +
      "WHERE day_partition BETWEEN '2024-01-01' AND '2024-01-31'",
  )
})

test('named columns come in the order in which they are named, the day once', () => {
  const range = { from: '2024-01-01', to: '2024-01-01', columns: ['day_partition', 'name', 'name'] }
  expect(featuresSql(described, range)).toContain('SELECT "day_partition", "name" FROM')
})

test.each([
  [{ from: '2024-02-30', to: '2024-03-01' }, 'from: expected an existing day'],
  [
    { from: '2024-03-02', to: '2024-03-01' },
    'from: expected a day not after to (2024-03-01), found "2024-03-02"',
  ],
  [
    { from: '2024-03-01', to: '2024-03-01', columns: ['nmae'] },
    'Columns of events: expected names among id, name, at, day, scores, parents, day_partition, found "nmae"',
  ],
])('%j is refused: %s', (range, message) => {
  expect(() => featuresSql(described, range)).toThrow(message)
})

test('rows that are read back are typed by the columns: 64-bit integers are bigint', () => {
  expectTypeOf<FeatureRow<typeof dataset>>().toEqualTypeOf<
    {
      readonly id: bigint
      readonly name: string | null
      readonly at: Date
      readonly day: Date | null
      readonly scores: readonly number[]
      readonly parents: readonly bigint[] | null
    } & { readonly day_partition: string }
  >()
  expectTypeOf<FeatureRow<typeof dataset, 'name'>>().toEqualTypeOf<
    { readonly name: string | null } & { readonly day_partition: string }
  >()
})

test('decimals are given as text or bigint, and read back as text', () => {
  const { columns } = defineDataset({
    name: 'priced',
    columns: { price: decimal(10, 2), taxes: list(decimal(5, 2).nullable()).nullable() },
    extract: ({ price }: { price: string }) => ({ price, taxes: [price, 5n, null] }),
  })
  expectTypeOf<ReadOf<typeof columns.price>>().toEqualTypeOf<string>()
  expectTypeOf<ReadOf<typeof columns.taxes>>().toEqualTypeOf<readonly (string | null)[] | null>()
  expectTypeOf<ValueOf<typeof columns.price>>().toEqualTypeOf<string | bigint>()
  expect(columns.price.spec).toEqual({ kind: 'decimal', parameters: [10, 2], nullable: false })
})
