import { expect, test } from 'vitest'
import type { ColumnProfile, ProfileValue } from '../../../core/profile.ts'
import { decodeSketch, encodeSketch, mergeStored } from '../../../core/sketches/day-sketch.ts'
import { summarize } from '../../../core/sketches/summarize.ts'
import {
  boolean,
  date,
  decimal,
  float32,
  float64,
  int32,
  int64,
  list,
  string,
  timestamp,
} from '../../../processing/dataset.ts'
import { random } from '../../support/generated/random.ts'
import { profileRows, sketchRows } from '../../support/processing/profile.ts'

/** Rows to profile; the promises are about 1,000,000: DAYFOLD_PROFILE_ROWS=1000000. */
const ROWS = Number(process.env['DAYFOLD_PROFILE_ROWS'] ?? 60_000)
/** Rows per shard of small records. */
const SHARD_ROWS = 15_000

const pick = random(42)
const chance = () => (pick(2 ** 30) + 0.5) / 2 ** 30
const normal = () => Math.sqrt(-2 * Math.log(chance())) * Math.cos(2 * Math.PI * chance())
const maybe = <T>(value: T) => (pick(10) === 0 ? null : value)

const COLUMNS = {
  id: string(),
  title: string().nullable(),
  text: string(),
  city: string().nullable(),
  price: float64().nullable(),
  score: float32(),
  number: int32(),
  serial: int64(),
  at: timestamp(),
  sizes: list(int32()).nullable(),
}

const CITIES = ['Berlin', 'Zürich', '東京', 'Lyon', 'Austin 🚀']
const LONG = 'x'.repeat(3000)

const rows = Array.from({ length: ROWS }, (_, index) => ({
  id: `id-${index}`,
  title: maybe(`title ${pick(ROWS / 4)}`),
  // Long texts of one length that differ only in their middle.
  text: `${LONG.slice(0, 300)}${String(pick(5000)).padStart(6)}${LONG.slice(0, 300)}`,
  city: maybe(CITIES[Math.floor(pick(25) ** 0.5)]!),
  price: maybe(Math.exp(normal() * 2)),
  score: normal(),
  number: Math.round(normal() * 1000),
  serial: 9_007_199_254_740_993n + BigInt(index),
  at: new Date(1_704_067_200_000 + pick(86_400_000)),
  sizes: maybe(Array.from({ length: pick(6) }, () => pick(50))),
}))
const sketch = sketchRows(COLUMNS, rows, SHARD_ROWS)
const profile = summarize(sketch)

const valuesOf = (column: keyof typeof COLUMNS) =>
  rows.map((row) => row[column]).filter((value) => value !== null)

test.each(Object.keys(COLUMNS) as (keyof typeof COLUMNS)[])(
  '%s: nulls exactly, distinct within 2 percent',
  (name) => {
    const column = profile.columns[name]!
    expect(column.nulls).toBe(rows.filter((row) => row[name] === null).length)
    const values = valuesOf(name).flat()
    expect(column.values).toBe(values.length)
    const distinct = new Set(values.map((value) => (value instanceof Date ? value.getTime() : value))).size
    expect(Math.abs(column.distinct - distinct)).toBeLessThanOrEqual(distinct * 0.02)
  },
)

test.each(['price', 'score', 'number', 'at'] as const)(
  '%s: bounds exactly, mean and deviation, quantiles within 1 percent of the rows',
  (name) => {
    const column = profile.columns[name]!
    const single = name === 'score' ? Math.fround : Number
    const sorted = Float64Array.from(valuesOf(name).map((value) => single(value as number))).sort()
    const number = (value: ProfileValue | undefined) =>
      name === 'at' ? Date.parse(value as string) : Number(value)
    expect([column.min, column.max].map(number)).toEqual([sorted[0], sorted.at(-1)])
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
    const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length)
    expect(Math.abs(column.mean! - mean)).toBeLessThan(deviation / 1e6)
    expect(column.deviation! / deviation).toBeCloseTo(1, 6)
    for (const [at, value] of column.quantiles!) {
      const below = sorted.findIndex((other) => other >= number(value)) / sorted.length
      const upTo = 1 - sorted.findLastIndex((other) => other <= number(value)) / sorted.length
      expect(below).toBeLessThan(at + 0.01)
      expect(1 - upTo).toBeGreaterThan(at - 0.01)
    }
  },
)

test('bounds of text are those of its bytes, cut where it is long; integers keep all digits', () => {
  const { city, id, text, serial } = profile.columns as Record<string, ColumnProfile>
  expect([city!.min, city!.max]).toEqual(['Austin 🚀', '東京'])
  expect([id!.min, id!.max]).toEqual([
    'id-0',
    `id-${rows
      .map((_, index) => String(index))
      .sort()
      .at(-1)}`,
  ])
  expect(text!.min).toBe(`${'x'.repeat(99)}…`)
  expect([serial!.min, serial!.max]).toEqual([
    '9007199254740993',
    String(9_007_199_254_740_992n + BigInt(ROWS)),
  ])
})

test('few values are counted exactly, of many the frequent ones within 2%', () => {
  const counts = new Map<string, number>()
  for (const city of valuesOf('city') as string[]) counts.set(city, (counts.get(city) ?? 0) + 1)
  const top = [...counts].sort(([, one], [, other]) => other - one)
  expect(profile.columns['city']).toMatchObject({
    isTopExact: true,
    distinct: 5,
    top: top.map(([value, count]) => ({ value, count })),
  })
  const skewed = Array.from({ length: 30_000 }, (_, index) => ({
    id: pick(5) === 0 ? 'often' : `id-${index}`,
  }))
  const [first] = profileRows({ id: string() }, skewed, 1900).columns['id']!.top
  expect(first!.value).toBe('often')
  expect(Math.abs(first!.count - skewed.filter(({ id }) => id === 'often').length)).toBeLessThan(600)
})

test('lists have lengths, and their elements values', () => {
  const { sizes } = profile.columns as Record<string, ColumnProfile>
  const lists = valuesOf('sizes') as number[][]
  expect(sizes).toMatchObject({ type: 'array<int>', min: 0, max: 49, lengths: { min: 0, max: 5 } })
  expect(sizes!.lengths!.mean).toBeCloseTo(lists.flat().length / lists.length, 9)
  expect(sizes!.lengths!.quantiles.find(([at]) => at === 0.99)).toEqual([0.99, 5])
})

test('every kind has values as a profile holds them; nested lists, nulls in them and zeros of both signs too', () => {
  const columns = {
    ok: boolean(),
    on: date(),
    cost: decimal(30, 2),
    cents: decimal(5, 2),
    zero: float64(),
    deep: list(list(int32().nullable())).nullable(),
    none: string().nullable(),
  }
  const profiled = profileRows(columns, [
    {
      ok: true,
      on: new Date('2024-02-29'),
      cost: '-12.5',
      cents: '1',
      zero: -0,
      deep: [[1, null], []],
      none: null,
    },
    { ok: true, on: new Date('2024-03-01'), cost: 10n ** 25n, cents: '2.25', zero: 0, deep: [], none: null },
    { ok: false, on: new Date('2024-03-01'), cost: '0', cents: '-1', zero: 0, deep: null, none: null },
  ])
  expect(profiled.columns).toMatchObject({
    ok: {
      min: false,
      max: true,
      distinct: 2,
      top: [
        { value: true, count: 2 },
        { value: false, count: 1 },
      ],
    },
    on: { min: '2024-02-29', max: '2024-03-01', distinct: 2 },
    cost: { min: '-12.50', max: '100000000000000000000000.00', distinct: 3 },
    cents: { min: '-1.00', max: '2.25', mean: 0.75 },
    zero: { min: 0, max: 0, distinct: 1, top: [{ value: 0, count: 3 }] },
    deep: { nulls: 1, values: 1, lengths: { min: 0, max: 2, mean: 1 } },
    none: { nulls: 3, values: 0, distinct: 0, top: [] },
  })
  expect(profiled.columns['ok']!.mean).toBeCloseTo(2 / 3)
  expect(profiled.columns['none']).not.toHaveProperty('min')
})

test('a mean beyond the range of a double is left out, and what is left can be stored', () => {
  const [huge, low] = [1.7e308, -1.7e308]
  for (const numbers of [
    [huge, huge],
    [huge, low, huge, low],
    [1e200, 0],
  ]) {
    const { value } = profileRows(
      { value: float64() },
      numbers.map((value) => ({ value })),
    ).columns
    expect(value).toMatchObject({ min: Math.min(...numbers), max: Math.max(...numbers) })
    expect(value).not.toHaveProperty('mean')
    expect(JSON.stringify(value)).not.toContain(':null')
  }
})

test('a stored sketch gives the same profile, and two of them that of all rows', () => {
  const stored = decodeSketch(encodeSketch(sketch), 'key')
  expect(summarize(mergeStored([stored]))).toEqual(profile)
  const [half, others] = [rows.slice(0, ROWS / 2), rows.slice(ROWS / 2)].map((some) =>
    decodeSketch(encodeSketch(sketchRows(COLUMNS, some, SHARD_ROWS)), 'key'),
  )
  const merged = summarize(mergeStored([half!, others!]))
  expect(merged.rows).toBe(ROWS)
  for (const [name, column] of Object.entries(profile.columns)) {
    const { nulls, values, min, max, distinct } = merged.columns[name]!
    expect({ nulls, values, min, max, distinct }).toEqual({
      ...{ nulls: column.nulls, values: column.values, min: column.min, max: column.max },
      distinct: column.distinct,
    })
  }
})

test('a column that came later was null before; one of two types is left out', () => {
  const old = sketchRows({ id: string(), kind: string() }, [{ id: 'a', kind: 'k' }])
  const later = sketchRows({ id: string(), kind: int32(), extra: int32() }, [{ id: 'b', kind: 1, extra: 2 }])
  const { rows: count, columns } = summarize(
    mergeStored([old, later].map((each) => decodeSketch(encodeSketch(each), 'key'))),
  )
  expect(count).toBe(2)
  expect(Object.keys(columns)).toEqual(['id', 'extra'])
  expect(columns['extra']).toMatchObject({ nulls: 1, values: 1, min: 2 })
})
