import { expect, test } from 'vitest'
import { spreadOf } from './spread.ts'

test('a spread has the ends, the middle and the 90th percentile', () => {
  const values = Array.from({ length: 11 }, (_, index) => 10 - index)
  expect(spreadOf(values)).toEqual({ count: 11, min: 0, median: 5, p90: 9, max: 10 })
  expect(spreadOf([])).toEqual({ count: 0, min: 0, median: 0, p90: 0, max: 0 })
})
