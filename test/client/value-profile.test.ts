import { expect, test } from 'vitest'
import { profileValues, type ValueProfile } from '../../client/value-profile.ts'
import type { ProfileValue } from '../../core/profile.ts'

const median = ({ quantiles }: ValueProfile) => quantiles?.find(([share]) => share === 0.5)?.[1]

const LARGE = 10n ** 18n

const SORTED: readonly (readonly [title: string, column: readonly unknown[], expected: object])[] = [
  ['numbers', [10, 9, null, -1], { nulls: 1, values: 3, min: -1, median: 9, max: 10, mean: 6 }],
  ['integers of 64 bits', [10n, 9n, -1n], { min: -1, median: 9, max: 10, mean: 6 }],
  [
    'integers that no double holds',
    [LARGE, 9n * (LARGE / 10n), -LARGE, 2n * LARGE, 1n],
    {
      min: '-1000000000000000000',
      median: '900000000000000000',
      max: '2000000000000000000',
      mean: 580_000_000_000_000_000,
    },
  ],
  [
    'instants',
    [new Date(2e12), new Date(1e12), new Date(-1)],
    { min: '1969-12-31T23:59:59.999Z', median: '2001-09-09T01:46:40.000Z', max: '2033-05-18T03:33:20.000Z' },
  ],
  ['text', ['b', 'a', 'ä'], { min: 'a', max: 'ä' }],
  ['text of digits', ['10', '9', '1'], { min: '1', max: '9' }],
  ['booleans', [true, false, true, true], { min: false, max: true, mean: 0.75 }],
  ['objects', [{ a: 2 }, { a: 1 }], { min: '{"a":1}', max: '{"a":2}' }],
  ['numbers without a mean', [Infinity, 1, 0], { min: 0, median: 1, max: Infinity }],
  ['nothing', [null, undefined], { nulls: 2, values: 0 }],
]

test.each(SORTED)(
  '%s: bounds and median are those by value, and only numbers have a mean',
  (_, column, expected) => {
    const profile = profileValues(column)
    const { min, max, mean, nulls, values } = profile
    const found = { min, median: median(profile), max, mean }
    expect({ nulls, values, ...found }).toEqual({ nulls: 0, values: column.length, ...expected })
  },
)

test('decimals are ordered and averaged by value, whatever their places after the point', () => {
  const column = ['10.00', '9.50', null, '-0.50', '-10.00', '0.001', '9.5', '12345678901234567890.12']
  expect(profileValues(column, true)).toMatchObject({
    nulls: 1,
    values: 7,
    min: '-10.00',
    max: '12345678901234567890.12',
    mean: expect.closeTo(1.763668414462081e18, -10) as number,
    quantiles: [
      [0.05, '-10.00'],
      [0.25, '-0.50'],
      [0.5, '9.50'],
      [0.75, '10.00'],
      [0.95, '12345678901234567890.12'],
    ],
  })
  const lists = profileValues([['10.00', null], ['9.50'], []], true)
  expect(lists).toMatchObject({ min: '9.50', max: '10.00', mean: 9.75, lengths: { max: 2 } })
  expect(profileValues(['10', '9', '-1'], true)).toMatchObject({ min: '-1', max: '10', mean: 6 })
  expect(profileValues([null], true)).toEqual({ nulls: 1, values: 0, distinct: 0, top: [] })
})

test('the five most frequent values are told, of equally frequent ones the least', () => {
  const column = [LARGE, 12n, 9n, 12n, 8n, 10n, -LARGE, 10n, 9n, 12n]
  const { top, distinct } = profileValues(column)
  expect(distinct).toBe(6)
  expect(top.map(({ value, count }) => [value, count])).toEqual([
    [12, 3],
    [9, 2],
    [10, 2],
    ['-1000000000000000000', 1],
    [8, 1],
  ] satisfies [ProfileValue, number][])
})

test('of lists the elements are profiled, and the lengths of the lists', () => {
  const dates = [null, new Date(0), new Date(1000)]
  const { lengths, nulls, values, min, max, ...profile } = profileValues([dates, null, [], [new Date(3000)]])
  expect({ lengths, nulls, values }).toEqual({
    lengths: { min: 0, max: 3, mean: 4 / 3 },
    nulls: 1,
    values: 3,
  })
  expect([min, median(profile as ValueProfile), max]).toEqual(
    [0, 1000, 3000].map((at) => new Date(at).toISOString()),
  )
})
