import { expect, test } from 'vitest'
import type { ColumnSpec } from '../../../core/columns.ts'
import { retypedColumn, whySuperseded } from '../../../lambda/ledger/table-columns.ts'
import { DATASET } from '../../support/lambda/dataset.ts'
import { startWorld } from '../../support/lambda/world.ts'

const COLUMNS: readonly ColumnSpec[] = [
  { name: 'id', kind: 'string', nullable: false },
  { name: 'price', kind: 'decimal', parameters: [10, 2], nullable: true },
]
const TABLE = [
  { Name: 'id', Type: 'string' },
  { Name: 'price', Type: 'decimal(10,2)' },
]
const retyped = (table: typeof TABLE) => retypedColumn({ name: 'jobs', columns: COLUMNS }, table)

test.each([
  ['the same columns', TABLE],
  ['them in another order', TABLE.toReversed()],
  ['a column more', [...TABLE, { Name: 'more', Type: 'int' }]],
  ['a column less', TABLE.slice(0, 1)],
])('a release publishes into a table with %s', (_, table) => {
  expect(retyped(table)).toBeUndefined()
})

test.each(['decimal(10,3)', 'decimal(11,2)', 'double', 'array<decimal(10,2)>'])(
  'a column that both know is retyped as %s',
  (Type) => {
    expect(retyped([TABLE[0]!, { Name: 'price', Type }])).toBe(
      `Table jobs: expected column price as decimal(10,2), found ${Type}.`,
    )
  },
)

test('a table that is gone is an error by name', async () => {
  const { ledger } = (await startWorld()).process('test', 'arn')
  expect(await whySuperseded(ledger.catalog, DATASET)).toBeUndefined()
  await expect(whySuperseded(ledger.catalog, { ...DATASET, name: 'gone' })).rejects.toMatchObject({
    code: 'TableGone',
    message: expect.stringContaining('Table test.gone: expected it in the catalog') as string,
  })
})
