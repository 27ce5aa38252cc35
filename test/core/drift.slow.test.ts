import { expect, test } from 'vitest'
import { addDays } from '../../core/dates.ts'
import { driftsOf, type DayProfile } from '../../core/drift.ts'
import { newProfile } from '../../core/profile.ts'
import { boolean, float64, int64, list, string, timestamp } from '../../processing/dataset.ts'
import { random } from '../support/generated/random.ts'
import { profileRows } from '../support/processing/profile.ts'

/** Rows per day; DAYFOLD_DRIFT_SEEDS sets how many histories of 90 days are examined. */
const ROWS = 2000
const SEEDS = Number(process.env['DAYFOLD_DRIFT_SEEDS'] ?? 1)
const FIRST = '2024-01-01'
const DAYS = 90

const COLUMNS = {
  id: int64(),
  price: float64().nullable(),
  pay: float64(),
  city: string().nullable(),
  word: string(),
  remote: boolean(),
  at: timestamp(),
}

interface Planted {
  /** Standard deviations by which the price is higher. */
  readonly shift?: number
  /** Share of the prices that are null. */
  readonly nulls?: number
  /** Share of the words that are replaced by another one. */
  readonly word?: number
}

/** Makes a day whose rows are spread as on any other, except for what is planted. */
function dayOf(seed: number, day: number, { shift = 0, nulls = 0.1, word = 0 }: Planted = {}): DayProfile {
  const pick = random(seed * 100_003 + day * 7919 + 1)
  const chance = () => (pick(2 ** 30) + 0.5) / 2 ** 30
  const normal = () => Math.sqrt(-2 * Math.log(chance())) * Math.cos(2 * Math.PI * chance())
  const date = addDays(FIRST, day)
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    id: day * ROWS + index,
    price: chance() < nulls ? null : 50 + 10 * (normal() + shift),
    pay: Math.exp(10 + normal() * 1.5),
    city: chance() < 0.3 ? null : `city ${Math.floor(1 / chance() ** 0.5)}`,
    word: chance() < word ? 'unheard of' : `word ${Math.floor(chance() ** 2 * 300)}`,
    remote: chance() < 0.5,
    at: new Date(Date.parse(date) + pick(86_400_000)),
  }))
  return { date, profile: profileRows(COLUMNS, rows) }
}

const told = (seed: number, planted: Planted) => {
  const before = Array.from({ length: 7 }, (_, day) => dayOf(seed, day))
  return driftsOf(dayOf(seed, 7, planted), before).map(({ column, of }) => `${column}: ${of}`)
}

test.each(Array.from({ length: 5 * SEEDS }, (_, seed) => seed))(
  'planted drifts are told, seed %i',
  (seed) => {
    expect(told(seed, { shift: 0.3 })).toEqual(['price: mean'])
    expect(told(seed, { shift: -0.3 })).toEqual(['price: mean'])
    expect(told(seed, { nulls: 0.15 })).toEqual(['price: nulls'])
    expect(told(seed, { word: 0.05 })).toEqual(['word: top value'])
  },
)

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))('90 quiet days tell of none, seed %i', (seed) => {
  const days = Array.from({ length: DAYS }, (_, day) => dayOf(seed, day))
  const drifts = days.flatMap((today, day) => driftsOf(today, days.slice(Math.max(0, day - 7), day)))
  expect(drifts).toEqual([])
})

test('no text of a record is quoted, numbers are', () => {
  const day = (index: number, word: string, code: number): DayProfile => ({
    date: addDays(FIRST, index),
    profile: profileRows({ word: string(), code: int64() }, Array(100).fill({ word, code })),
  })
  const before = [0, 1, 2].map((index) => day(index, 'usual', 1))
  expect(driftsOf(day(3, 'SECRET', 7), before)).toEqual([
    {
      column: 'word',
      of: 'top value',
      found: 'a text in 100.0% of the values, which was not among the most frequent before',
      text: 'SECRET',
    },
    { column: 'code', of: 'mean', found: 'a mean of 7 after 1' },
    {
      column: 'code',
      of: 'top value',
      found: '7 in 100.0% of the values, which was not among the most frequent before',
    },
  ])
})

test('a column of one value does not drift by rounding, but by any other value', () => {
  const day = (index: number, rows: number, rate: number): DayProfile => ({
    date: addDays(FIRST, index),
    profile: profileRows({ rate: float64() }, Array(rows).fill({ rate })),
  })
  for (const rate of [1 / 3, 1 / 34, -1e9 / 7]) {
    // The means of powers of two are exact, the others are not.
    const days = [64, 128, 256, 512, 212, 249, 86, 123].map((rows, index) => day(index, rows, rate))
    expect(
      days.flatMap((today, index) => driftsOf(today, days.slice(Math.max(0, index - 7), index))),
    ).toEqual([])
    const [drift] = driftsOf(day(8, 1000, rate * 1.001), days.slice(1))
    expect(drift).toMatchObject({ column: 'rate', of: 'mean' })
  }
  const means = [0.1, 0.1, 0.1].map((rate, index) => day(index, 90 + index, rate))
  expect(driftsOf(day(3, 97, 10), means)[0]!.found).toBe(
    'a mean of 10 after 0.1, more than 1000 standard deviations',
  )
})

test('with fewer than three days, or another type, nothing is told; days without rows stop nothing', () => {
  const shifted = dayOf(1, 7, { shift: 3 })
  expect(driftsOf(shifted, [dayOf(1, 5), dayOf(1, 6)])).toEqual([])
  const days = [4, 5, 6].map((day) => dayOf(1, day))
  const others = days.map(({ date, profile }) => {
    const price = { ...profile.columns['price']!, type: 'float' }
    return { date, profile: { ...profile, columns: { ...profile.columns, price } } }
  })
  expect(driftsOf(shifted, others)).toEqual([])
  const empty = { date: '2024-01-03', profile: profileRows(COLUMNS, []) }
  expect(driftsOf(empty, days)).toEqual([])
  expect(driftsOf(shifted, [...days, empty]).map(({ column, of }) => [column, of])).toEqual([
    ['price', 'mean'],
  ])
})

test('instants that do not move on with the days, and constants, drift when they change', () => {
  const columns = { since: timestamp(), stops: list(timestamp()), version: float64() }
  const of = (date: string, since: string, version: number) => ({
    date,
    profile: profileRows(
      columns,
      Array.from({ length: 50 }, () => ({ since: new Date(since), stops: [new Date(since)], version })),
    ),
  })
  const days = [1, 2, 3].map((day) => of(`2024-01-0${day}`, '2020-01-01', 1))
  expect(driftsOf(of('2024-01-04', '2020-01-01', 1), days)).toEqual([])
  const changed = driftsOf(of('2024-01-04', '2021-01-01', 2), days)
  expect(changed.map(({ column, of: what }) => [column, what])).toEqual([
    ['since', 'mean'],
    ['stops', 'mean'],
    ['version', 'mean'],
    ['version', 'top value'],
  ])
  for (const { found } of changed.slice(0, 2))
    expect(found).toMatch(/^a mean of 2021-01-01T00:00:00\.000Z after 2020-01-01T00:00:00\.000Z/)
})

/** What is told of a column of text after three days with the same shares. */
function toldAfter(
  rows: number,
  before: { nulls?: number; word?: number },
  today: { nulls?: number; word?: number },
): string[] {
  const day = (date: string, { nulls = 0, word = 0.5 }): DayProfile => {
    const values = rows * (1 - nulls)
    const top = [{ value: 'word', count: word * values }].filter(({ count }) => count > 0)
    const column = {
      type: 'string',
      nulls: rows * nulls,
      values,
      distinct: 1000,
      top,
      isTopExact: true,
    } as const
    return { date, profile: newProfile(rows, { column }) }
  }
  const days = [1, 2, 3].map((index) => day(`2024-01-0${index}`, before))
  return driftsOf(day('2024-01-04', today), days).map(({ found }) => found)
}

test.each([
  // Of many rows, differences that are too small to matter.
  [1e6, { nulls: 0.01 }, { nulls: 0.039 }, []],
  [1e6, { nulls: 0.01 }, { nulls: 0.041 }, ['4.1% null after 1.0%']],
  [1e6, { word: 0.5 }, { word: 0.549 }, []],
  [1e6, { word: 0.5 }, { word: 0.551 }, ['a text in 55.1% of the values, after 50.0%']],
  [1e6, { word: 0 }, { word: 0.019 }, []],
  [
    ...[1e6, { word: 0 }, { word: 0.021 }],
    ['a text in 2.1% of the values, which was not among the most frequent before'],
  ],
  // Of few rows, those that chance explains.
  [100, { nulls: 0.1 }, { nulls: 0.25 }, []],
  [1000, { nulls: 0.1 }, { nulls: 0.25 }, ['25.0% null after 10.0%']],
  [100, { word: 0.5 }, { word: 0.7 }, []],
  [1000, { word: 0.5 }, { word: 0.7 }, ['a text in 70.0% of the values, after 50.0%']],
  // Chance explains less where nearly all or nearly none are alike.
  [1000, { nulls: 0.99 }, { nulls: 0.9 }, ['90.0% null after 99.0%']],
  [1000, { nulls: 0.01 }, { nulls: 0.1 }, ['10.0% null after 1.0%']],
  [1000, { nulls: 0.5 }, { nulls: 0.57 }, []],
] as [number, object, object, string[]][])(
  'of %i rows, a drift from %j to %j is told if it is large and no chance',
  (rows, before, today, found) => {
    expect(toldAfter(rows, before, today)).toEqual(found)
  },
)
