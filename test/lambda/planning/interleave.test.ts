import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DayItem } from '../../../core/messages.ts'
import { interleave } from '../../../lambda/planning/interleave.ts'

const item = (dataset: string, index: number, mode: DayItem['mode'] = 'changed'): DayItem => ({
  dataset,
  date: new Date(Date.UTC(2024, 0, 1 - index)).toISOString().slice(0, 10),
  mode,
})
const names = (items: readonly DayItem[]) => items.map(({ dataset }) => dataset).join('')
const itemsOf = (text: string) => [...text].map((name, index) => item(name, index))

test.each([
  // Two of `a` among any four, as long as there are others to put between.
  ['aaaabbbb', 4, 'aabbaabb'],
  ['aaaaaabb', 4, 'aabbaaaa'],
  ['abababab', 4, 'abababab'],
  ['aaabbb', 2, 'aaabbb'],
])('%s, %d at once, become %s', (before, atOnce, after) => {
  expect(names(interleave(itemsOf(before), [{ name: 'a', maxConcurrency: 2 }, { name: 'b' }], atOnce))).toBe(
    after,
  )
})

test('days that take no job stand where they stood', () => {
  const items = [0, 1, 2, 3].map((index) => item('a', index, index < 2 ? 'tend' : 'accept'))
  expect(interleave([...items, item('b', 4)], [{ name: 'a', maxConcurrency: 1 }], 5)).toEqual([
    ...items,
    item('b', 4),
  ])
})

const limits = fc.record({
  a: fc.integer({ min: 1, max: 4 }),
  b: fc.integer({ min: 1, max: 4 }),
})

test('a day stands where it could only wait when every later one could, too; all are there, in their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }),
      limits,
      fc.integer({ min: 1, max: 8 }),
      (datasets, limit, atOnce) => {
        const items = itemsOf(datasets.join(''))
        const deployed = [
          { name: 'a', maxConcurrency: limit.a },
          { name: 'b', maxConcurrency: limit.b },
          { name: 'c' },
        ]
        const order = interleave(items, deployed, atOnce)
        for (const name of ['a', 'b', 'c'])
          expect(order.filter(({ dataset }) => dataset === name)).toEqual(
            items.filter(({ dataset }) => dataset === name),
          )
        const most = { ...limit, c: Infinity } as Record<string, number>
        order.forEach(({ dataset }, index) => {
          const before = order.slice(Math.max(0, index - atOnce + 1), index)
          const waits = (name: string) =>
            before.filter((other) => other.dataset === name).length >= most[name]!
          if (waits(dataset)) expect(order.slice(index).every((later) => waits(later.dataset))).toBe(true)
        })
      },
    ),
    { seed: 7, numRuns: 300 },
  )
})
