import { expect, test } from 'vitest'
import { addChanges, noChanges } from '../../../client/diff/compare-rows.ts'
import { matchRows } from '../../../client/diff/match-rows.ts'
import { firstInputs, spread } from '../../../client/diff/sample.ts'
import { profileValues } from '../../../client/value-profile.ts'
import type { Input } from '../../../core/manifest.ts'

const rows = (...values: (number | string | null)[]) => values.map((id) => ({ id, at: new Date(0) }))

test.each([
  ['is unique on both sides', rows(1, 2), rows(2, 1), { kind: 'key', column: 'id' }],
  ['is not unique before', rows(1, 1), rows(1, 2), { kind: 'order' }],
  ['is not unique after', rows(1, 2), rows(1, 1), { kind: 'order' }],
  ['is null somewhere', rows(1, null), rows(1, 2), { kind: 'order' }],
  ['has hardly a value in common', rows(1, 2, 3), rows(3, 4, 5, 6), { kind: 'nothing' }],
  ['is not unique, and rows are fewer', rows(1, 1), rows(1), { kind: 'nothing' }],
])('where a column %s', (_, before, after, by) => {
  expect(matchRows(before, after, ['id']).by).toEqual(by)
})

test('rows without a partner are gone or new', () => {
  const { pairs, gone, added } = matchRows(rows(1, 2, 3), rows(3, 2, 4), ['id'])
  expect(pairs.map(([before, after]) => [before['id'], after['id']])).toEqual([
    [2, 2],
    [3, 3],
  ])
  expect([gone, added].map(([row]) => row!['id'])).toEqual([1, 4])
})

test('values are the same by what they hold, at any depth', () => {
  const changes = noChanges()
  const before = { a: new Date(5), b: [1n, null], c: Number.NaN, d: 1, e: null }
  const matching = (after: Record<string, unknown>) => ({
    by: { kind: 'order' as const },
    pairs: [[before, after] as const],
    gone: [],
    added: [],
  })
  const names = ['a', 'b', 'c', 'd', 'e']
  addChanges(
    changes,
    '2024-01-01',
    matching({ a: new Date(5), b: [1n, null], c: Number.NaN, d: 1, e: null }),
    names,
  )
  expect(changes).toMatchObject({ matched: 1, changed: 0 })
  addChanges(changes, '2024-01-01', matching({ a: new Date(6), b: [1n, 2n], c: 0, d: 2, e: '' }), names)
  expect(changes).toMatchObject({ matched: 2, changed: 1 })
  expect([...changes.columns.keys()]).toEqual(names)
})

test('a sample is spread over the days, and is of whole files', () => {
  expect(spread([1, 2, 3, 4, 5], 3)).toEqual([1, 3, 5])
  expect(spread([1, 2], 3)).toEqual([1, 2])
  expect(spread([1, 2, 3], 1)).toEqual([3])
  const inputs = [5, 5, 5].map((size) => ({ size }) as Input)
  expect(firstInputs(inputs, 15)).toHaveLength(3)
  expect(firstInputs(inputs, 14)).toHaveLength(2)
  expect(firstInputs(inputs, 1)).toHaveLength(1)
})

test('the profile of values is exact', () => {
  expect(profileValues([3, null, 1, 2, 2])).toEqual({
    ...{ nulls: 1, values: 4, distinct: 3, min: 1, max: 3, mean: 2 },
    quantiles: [
      [0.05, 1],
      [0.25, 1],
      [0.5, 2],
      [0.75, 2],
      [0.95, 3],
    ],
    top: [
      { value: 2, count: 2 },
      { value: 1, count: 1 },
      { value: 3, count: 1 },
    ],
  })
  expect(profileValues(['b', 'a', 'b'])).toEqual({
    ...{ nulls: 0, values: 3, distinct: 2, min: 'a', max: 'b' },
    top: [
      { value: 'b', count: 2 },
      { value: 'a', count: 1 },
    ],
  })
  expect(profileValues([true, false, true, true])).toMatchObject({ mean: 0.75, min: false, max: true })
  expect(profileValues([new Date(0), new Date(1)])).toMatchObject({
    min: '1970-01-01T00:00:00.000Z',
    distinct: 2,
  })
  expect(profileValues([10n, 2n ** 60n])).toMatchObject({ min: 10, max: String(2n ** 60n) })
  expect(profileValues([[1, 2], [], null])).toMatchObject({
    nulls: 1,
    values: 2,
    lengths: { min: 0, max: 2, mean: 1 },
  })
  expect(profileValues([null, null])).toEqual({ nulls: 2, values: 0, distinct: 0, top: [] })
})
