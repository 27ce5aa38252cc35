import { expect, test } from 'vitest'
import { partName } from '../../../core/layout.ts'
import { mergeableParts } from '../../../lambda/ledger/small-parts.ts'

const LIMITS = { partRows: 100, partBytes: 1000 }
const part = (generation: number, index: number, rows: number, bytes = rows) => ({
  key: `processed/jobs/day_partition=2024-01-02/${partName(generation, 'a', index)}`,
  rows,
  bytes,
})

test('small parts of several generations are merged, full ones are kept', () => {
  const parts = [part(1, 0, 100), part(1, 1, 20), part(2, 0, 5), part(3, 0, 90)]
  expect(mergeableParts(parts, LIMITS)).toEqual([part(1, 1, 20), part(2, 0, 5)])
})

test('a part is full by its bytes as well', () => {
  expect(mergeableParts([part(1, 0, 10, 950), part(2, 0, 10), part(3, 0, 10)], LIMITS)).toHaveLength(2)
})

test('what one job has packed is not packed again, for ever', () => {
  expect(mergeableParts([part(4, 0, 60), part(4, 1, 60), part(4, 2, 60)], LIMITS)).toEqual([])
})
