import { expect, test } from 'vitest'
import { judge } from './verdict.ts'

const FIRST = ['a', 'b']
const EXTENDED = ['a', 'b', 'c']
const REBUILT = ['d', 'e']
const GENERATIONS = [[], FIRST, EXTENDED, REBUILT]

test.each([
  ['a generation that was shown, in any order', ['b', 'a'], [FIRST], 'right'],
  ['either of two that were shown', REBUILT, [EXTENDED, REBUILT], 'right'],
  ['nothing of a day that had not come yet', [], [[], FIRST], 'right'],
  ['rows of two generations', ['a', 'b', 'd'], [FIRST, REBUILT], 'mixed'],
  ['what no generation holds, although it was shown', ['a', 'b', 'd'], [['a', 'b', 'd']], 'mixed'],
  ['a row twice', ['a', 'b', 'b'], [FIRST], 'doubled'],
  ['a part of a generation', ['d'], [REBUILT], 'lost'],
  ['nothing of a day that was there', [], [FIRST], 'lost'],
  ['a generation that was shown no more', FIRST, [EXTENDED], 'lost'],
] as const)('%s', (_, seen, shown, verdict) => {
  expect(judge(seen, shown, GENERATIONS)).toBe(verdict)
})
