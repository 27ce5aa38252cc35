import { expect, test } from 'vitest'
import { projections } from '../../../athena/tables/projection.ts'
import type { CatalogTable } from '../../../glue/model.ts'

const NOW = Date.parse('2024-03-01T23:59:59Z')

/** Returns those values that a projection with these properties of its only key contains. */
function seen(properties: Readonly<Record<string, string>>, ...values: string[]) {
  const Parameters = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [`projection.p.${name}`, value]),
  )
  const input = { Name: 't', PartitionKeys: [{ Name: 'p', Type: 'string' }], Parameters }
  const [projects] = projections({ input } as unknown as CatalogTable, NOW)
  return values.filter((value) => projects!(value))
}

const DAYS = { type: 'date', format: 'yyyy-MM-dd' }
const INTEGERS = { type: ' Integer ', range: '-1,9', interval: '2' }

test.each([
  [
    '2000-01-01,NOW',
    ['1999-12-31'],
    ['2000-01-01', '2024-02-29', '2024-03-01'],
    ['2024-03-02', '2024-13-01'],
  ],
  [
    '0001-01-01,9999-12-31',
    ['0000-12-31'],
    ['0001-01-01', '9999-12-31'],
    ['10000-01-01', '2023-02-29', '2024-1-1', ''],
  ],
  ['NOW - 2 DAYS , NOW+1DAY', ['2024-02-27'], ['2024-02-28', '2024-03-02'], ['2024-03-03']],
  ['NOW-1WEEKS,NOW+1SECONDS', ['2024-02-22'], ['2024-02-23', '2024-03-02'], ['2024-03-03']],
])('the days %s end where they say', (range, before, within, after) => {
  expect(seen({ ...DAYS, range }, ...before, ...within, ...after)).toEqual(within)
})

test('integers have their interval and their digits', () => {
  expect(seen(INTEGERS, '-3', '-1', '0', '1', '01', '9', '11', 'x', '')).toEqual(['-1', '1', '9'])
  expect(seen({ ...INTEGERS, digits: '2' }, '-1', '-01', '1', '01')).toEqual(['-01', '01'])
})

test('listed values are those that are listed', () => {
  expect(seen({ type: 'enum', values: 'a,b' }, 'a', 'b', 'c', 'A')).toEqual(['a', 'b'])
})

test.each([
  [
    { ...DAYS, range: '2024-01-02,2024-01-01' },
    "INVALID_COLUMN_PROPERTY: Column projection for column 'p' failed.",
  ],
  [{ ...DAYS, range: '2024-02-30,NOW' }, 'INVALID_COLUMN_PROPERTY'],
  [{ ...DAYS, range: '2024-01-01' }, 'INVALID_COLUMN_PROPERTY'],
  [DAYS, 'projection.p.range: expected a value'],
  [{ ...INTEGERS, range: '2,1' }, 'projection.p.range: expected two integers'],
  [{ type: 'enum' }, 'projection.p.values: expected a value'],
  [{ type: 'injected' }, 'NOT_SUPPORTED: projection.p.type'],
  [{}, 'NOT_SUPPORTED: projection.p.type'],
  [{ ...DAYS, format: 'yyyyMMdd', range: '20240101,NOW' }, 'NOT_SUPPORTED: projection.p.format'],
  [{ ...DAYS, range: 'NOW,NOW', interval: '2' }, 'NOT_SUPPORTED: projection.p.interval'],
])('%j is refused: %s', (properties, message) => {
  expect(() => seen(properties)).toThrow(message)
})
