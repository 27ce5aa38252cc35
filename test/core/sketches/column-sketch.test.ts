import { expect, test } from 'vitest'
import {
  COUNTED_VALUES,
  isLess,
  mergeColumn,
  mostFrequent,
  newColumnSketch,
  valueCounts,
  type ColumnPart,
  type ColumnSketch,
  type StoredValue,
} from '../../../core/sketches/column-sketch.ts'
import { QUANTILES } from '../../../core/profile.ts'
import { registersText } from '../../../core/sketches/distinct.ts'
import { random } from '../../support/generated/random.ts'

const EMPTY: ColumnPart = { nulls: 0, values: 0, entries: [], top: valueCounts([]), missed: 0 }

function numbersOf(numbers: readonly number[]) {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0)
  return { count: numbers.length, mean, squares, sampled: [{ level: 0, values: numbers }] }
}

const countsOf = (values: readonly StoredValue[]) => {
  const counts = new Map<StoredValue, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** What a shard with these numbers tells of them. */
const partOf = (numbers: readonly number[], nulls: number): ColumnPart => ({
  ...{ nulls, values: numbers.length, min: Math.min(...numbers), max: Math.max(...numbers) },
  numbers: numbersOf(numbers),
  lengths: { ...numbersOf([numbers.length]), min: numbers.length, max: numbers.length },
  entries: [numbers.map((number) => ((number & 1023) << 5) | ((number & 15) + 1))],
  ...{ top: valueCounts(countsOf(numbers)), missed: 0 },
})

function sketchOf(...parts: ColumnPart[]): ColumnSketch {
  const sketch = newColumnSketch()
  for (const part of parts) mergeColumn(sketch, part)
  return sketch
}

const told = ({ numbers, lengths, registers, top, ...rest }: ColumnSketch) => ({
  ...rest,
  numbers: numbers && { count: numbers.count, quantiles: numbers.quantiles.quantiles(QUANTILES) },
  lengths: lengths && { min: lengths.min, max: lengths.max, count: lengths.count, mean: lengths.mean },
  registers: registersText(registers),
  top: mostFrequent(top),
})

const pick = random(3)
const SHARDS = [7, 1, 150, 40].map((count) => Array.from({ length: count }, () => pick(90) - 30))

test('shards merge to the statistics of all their values, in any order', () => {
  const all = SHARDS.flat()
  const parts = SHARDS.map((numbers, nulls) => partOf(numbers, nulls))
  const { numbers, ...expected } = partOf(all, 6)
  for (const order of [
    parts,
    parts.toReversed(),
    [...parts, EMPTY],
    [EMPTY, ...parts.slice(2), ...parts.slice(0, 2)],
  ]) {
    const sketch = sketchOf(...order)
    expect(told(sketch)).toEqual({
      ...told(sketchOf({ ...expected, numbers })),
      lengths: { min: 1, max: 150, count: 4, mean: all.length / 4 },
    })
    expect(sketch).toMatchObject({
      nulls: 6,
      values: 198,
      min: Math.min(...all),
      max: Math.max(...all),
      missed: 0,
    })
    expect(sketch.numbers!.mean).toBeCloseTo(numbers!.mean, 9)
    expect(sketch.numbers!.squares / numbers!.squares).toBeCloseTo(1, 9)
    const lengths = numbersOf(SHARDS.map(({ length }) => length))
    expect(sketch.lengths!.squares / lengths.squares).toBeCloseTo(1, 9)
  }
})

test('mean and deviation of few numbers are known, also far from zero', () => {
  for (const far of [0, -50, 1e9]) {
    const { numbers } = sketchOf(partOf([far + 1, far + 3], 0), partOf([far + 8], 0))
    expect([numbers!.count, numbers!.mean, numbers!.squares]).toEqual([3, far + 4, 26])
  }
})

test('without values there are no bounds, numbers, lengths or counts, only nulls', () => {
  const none = { count: 0, mean: 0, squares: 0, sampled: [] }
  const lengths = { ...none, min: Infinity, max: -Infinity }
  const sketch = sketchOf(
    { ...EMPTY, nulls: 3 },
    { ...EMPTY, numbers: none, lengths },
    { ...EMPTY, nulls: 1 },
  )
  const { registers, top, ...rest } = sketch
  expect(rest).toEqual({ nulls: 4, values: 0, missed: 0 })
  expect([registers.some((rank) => rank > 0), top.size]).toEqual([false, 0])
})

test.each<[StoredValue[], StoredValue, StoredValue]>([
  [['b', 'a', 'c'], 'a', 'c'],
  [['', 'a'], '', 'a'],
  [['x'.repeat(256), 'x'.repeat(255)], 'x'.repeat(255), 'x'.repeat(256)],
  [['\uff5e', '🚀', 'é'], 'é', '🚀'],
  [[3, 10, -2], -2, 10],
  [[0, 2n ** 60n, -(2n ** 60n)], -(2n ** 60n), 2n ** 60n],
  [[9_007_199_254_740_993n, 9_007_199_254_740_992n, 5], 5, 9_007_199_254_740_993n],
  [[-Infinity, 0, Infinity], -Infinity, Infinity],
])('bounds are exact, in any order (%#)', (values, min, max) => {
  for (const order of [values, values.toReversed(), [...values, ...values]]) {
    const sketch = sketchOf(...order.map((value) => ({ ...EMPTY, values: 1, min: value, max: value })), EMPTY)
    expect([sketch.min, sketch.max]).toEqual([min, max])
  }
})

test.each<[StoredValue, StoredValue]>([
  [1, 2],
  [-1, 0],
  [9, 10],
  [9n, 10n],
  [1, 2n],
  [-(2n ** 60n), 1],
  ['9', '91'],
  ['10', '9'],
  ['', 'a'],
  ['Z', 'a'],
  ['\uff5e', '🚀'],
])('%s is less than %s, and neither than itself', (less, more) => {
  expect([isLess(less, more), isLess(more, less), isLess(less, less), isLess(more, more)]).toEqual([
    ...[true, false, false, false],
  ])
})

test.each<[StoredValue[], StoredValue[]]>([
  [[], []],
  [
    ['b', 'a', 'b'],
    ['b', 'a'],
  ],
  [
    ['c', '🚀', 'a', '\uff5e', 'b', 'c'],
    ['c', 'a', 'b', '\uff5e', '🚀'],
  ],
  [
    [10, 9, -1, 10, 9, 2],
    [9, 10, -1, 2],
  ],
  [
    [2n ** 60n, 3, 2n ** 61n, 2n ** 61n],
    [2n ** 61n, 3, 2n ** 60n],
  ],
])('the most frequent values come first, equally frequent ones by value (%#)', (values, order) => {
  expect(mostFrequent(countsOf(values))).toEqual(
    order.map((value) => [value, values.filter((other) => other === value).length]),
  )
})

test('as many values as are counted one by one have exact counts', () => {
  const values = Array.from({ length: COUNTED_VALUES }, (_, index) => `${index}`)
  const sketch = sketchOf(
    { ...EMPTY, top: valueCounts(countsOf(values)) },
    { ...EMPTY, top: valueCounts([['7', 2]]) },
  )
  expect([sketch.top.size, sketch.missed, sketch.top.get('7'), sketch.top.get('8')]).toEqual([256, 0, 3, 1])
})

test('of more values the frequent ones stay, and no count is lower than is told', () => {
  const values = Array.from(
    { length: 20_000 },
    (_, index) => [`once ${index}`, `some ${pick(40) * pick(40)}`, 'often'][pick(3)]!,
  )
  const sketch = newColumnSketch()
  for (let start = 0; start < values.length; start += 500) {
    mergeColumn(sketch, { ...EMPTY, top: valueCounts(countsOf(values.slice(start, start + 500))) })
    expect(sketch.top.size).toBeLessThanOrEqual(COUNTED_VALUES)
  }
  for (const [value, count] of countsOf(values)) {
    const counted = sketch.top.get(value) ?? 0
    expect(counted).toBeLessThanOrEqual(count)
    expect(count).toBeLessThanOrEqual(counted + sketch.missed)
  }
  expect(sketch.missed).toBeGreaterThan(0)
  expect(sketch.missed).toBeLessThan(values.length / 100)
  expect(mostFrequent(sketch.top)[0]![0]).toBe('often')
})

test('of too many values those stay that are more frequent than the one in the middle, in their order', () => {
  const counts = new Map<StoredValue, number>()
  let missed = 0
  const sketch = newColumnSketch()
  for (let shard = 0; shard < 60; shard++) {
    const part = countsOf(Array.from({ length: 300 }, () => pick(30) * pick(40)))
    mergeColumn(sketch, { ...EMPTY, top: valueCounts(part), missed: shard % 2 })
    for (const [value, count] of part) counts.set(value, (counts.get(value) ?? 0) + count)
    missed += shard % 2
    if (counts.size > COUNTED_VALUES) {
      const sorted = [...counts.values()].sort((one, other) => one - other)
      const most = sorted[sorted.length >> 1]!
      missed += most
      for (const [value, count] of counts) if (count <= most) counts.delete(value)
    }
    expect([...sketch.top]).toEqual([...counts])
    expect(sketch.missed).toBe(missed)
  }
  expect(missed).toBeGreaterThan(30)
})

test('what a shard missed is missed by all', () => {
  expect(
    sketchOf(
      { ...EMPTY, missed: 2, top: valueCounts([['a', 5]]) },
      { ...EMPTY, missed: 3, top: valueCounts([['a', 1]]) },
    ),
  ).toMatchObject({
    missed: 5,
    top: new Map([['a', 6]]),
  })
})
