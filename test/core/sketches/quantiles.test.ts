import { expect, test } from 'vitest'
import { condensed, QuantileSketch } from '../../../core/sketches/quantiles.ts'
import { random } from '../../support/generated/random.ts'

const SHARES = [0, 0.01, 0.25, 0.5, 0.75, 0.99, 1]

/** The numbers from 0 below `count`, in an order that depends on the seed. */
function shuffled(count: number, seed = 1): number[] {
  const pick = random(seed)
  const numbers = Array.from({ length: count }, (_, number) => number)
  for (let index = count - 1; index > 0; index--) {
    const other = pick(index + 1)
    ;[numbers[index], numbers[other]] = [numbers[other]!, numbers[index]!]
  }
  return numbers
}

function sketchOf(numbers: readonly number[], batch = 1000, sketch = new QuantileSketch()): QuantileSketch {
  for (let start = 0; start < numbers.length; start += batch)
    sketch.add(condensed({ level: 0, values: Float64Array.from(numbers.slice(start, start + batch)) }))
  return sketch
}

const sampleOf = (sketch: QuantileSketch) => {
  const levels = sketch.sampled()
  return {
    size: levels.reduce((sum, { values }) => sum + values.length, 0),
    weight: levels.reduce((sum, { level, values }) => sum + values.length * 2 ** level, 0),
  }
}

/** How far estimates are from those of the numbers from 0 below `count`, as a share of them. */
const worst = (sketch: QuantileSketch, count: number) =>
  Math.max(...sketch.quantiles(SHARES).map((value, index) => Math.abs(value / count - SHARES[index]!)))

test.each([
  [0, 0, 0, []],
  [1, 0, 1, [0]],
  [256, 0, 256, [0, 1, 2]],
  [257, 1, 129, [1, 3, 5]],
  [512, 1, 256, [1, 3, 5]],
  [513, 2, 128, [2, 6, 10]],
  [1000, 2, 250, [2, 6, 10]],
  [10_000, 6, 156, [32, 96, 160]],
])('a sample of %i becomes level %i with %i middle values', (count, level, length, first) => {
  const few = condensed({ level: 3, values: Float64Array.from({ length: count }, (_, index) => index) })
  const values = Array.from(few.values)
  expect([few.level, values.length, values.slice(0, 3)]).toEqual([3 + level, length, first])
  const mixed = condensed({ level: 3, values: Float64Array.from(shuffled(count)) })
  expect(Array.from(mixed.values).sort((one, other) => one - other)).toEqual(values)
  if (count > 0) expect(count - 1 - values.at(-1)!).toBeLessThanOrEqual(2 ** level)
})

test.each<[readonly number[], readonly number[], readonly number[]]>([
  [[], [0, 0.5, 1], []],
  [[7], [0, 0.5, 1], [7, 7, 7]],
  [
    [3, 1, 2],
    [0, 1 / 3, 0.34, 2 / 3, 0.67, 1],
    [1, 1, 2, 2, 3, 3],
  ],
  [
    [10, 9, -1, 100],
    [0.25, 0.5, 0.75, 1],
    [-1, 9, 10, 100],
  ],
  [
    [-0.5, -1e300, 1e300, 0],
    [0, 0.5, 0.75, 1],
    [-1e300, -0.5, 0, 1e300],
  ],
  [
    [5, 5, 5, 1],
    [0.25, 0.26, 1],
    [1, 5, 5],
  ],
  [shuffled(512), [0, 0.001, 0.25, 0.5, 1], [0, 0, 127, 255, 511]],
])('few numbers give exact quantiles (%#)', (numbers, shares, expected) => {
  const sketch = new QuantileSketch()
  sketch.add({ level: 0, values: numbers })
  expect(sketch.quantiles(shares)).toEqual(expected)
})

test('a value counts as all numbers that it represents', () => {
  const sketch = new QuantileSketch()
  sketch.add({ level: 0, values: [9, 1] })
  sketch.add({ level: 2, values: [5] })
  expect(sketch.quantiles([1 / 6, 0.17, 0.5, 5 / 6, 0.84])).toEqual([1, 5, 5, 5, 9])
  expect(sketch.sampled()).toEqual([
    { level: 0, values: [9, 1] },
    { level: 2, values: [5] },
  ])
})

test.each([513, 600, 1537, 20_000, 70_001])(
  '%i numbers are sampled by fewer than 2,000, which represent all, and ranks are within 1 percent',
  (count) => {
    for (const numbers of [
      shuffled(count),
      shuffled(count, 2),
      shuffled(count).sort((one, other) => one - other),
    ]) {
      const sketch = new QuantileSketch()
      for (let start = 0; start < count; start += 100)
        sketch.add({ level: 0, values: numbers.slice(start, start + 100) })
      expect(sampleOf(sketch).weight).toBe(count)
      expect(sampleOf(sketch).size).toBeLessThan(2000)
      expect(sampleOf(sketch).size).toBeGreaterThanOrEqual(250)
      expect(worst(sketch, count)).toBeLessThan(0.01)
    }
  },
)

test('samples of two sketches make one of all numbers, in either order', () => {
  const numbers = shuffled(100_000)
  const halves = [numbers.slice(0, 30_000), numbers.slice(30_000)]
  for (const parts of [halves, halves.toReversed()]) {
    const merged = new QuantileSketch()
    for (const part of parts) for (const sample of sketchOf(part).sampled()) merged.add(sample)
    expect(worst(merged, numbers.length)).toBeLessThan(0.01)
    expect(sampleOf(merged).size).toBeLessThan(2000)
    expect(Math.abs(sampleOf(merged).weight / numbers.length - 1)).toBeLessThan(0.01)
  }
})

test('the same additions give the same sketch, also with estimates between them', () => {
  const numbers = shuffled(20_000)
  const asked = sketchOf(numbers.slice(0, 10_000))
  asked.quantiles(SHARES)
  expect(sketchOf(numbers.slice(10_000), 1000, asked).sampled()).toEqual(sketchOf(numbers).sampled())
})
