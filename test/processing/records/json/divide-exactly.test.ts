import fc from 'fast-check'
import { expect, test } from 'vitest'
import { divideExactly } from '../../../../processing/records/json/divide-exactly.ts'

test('a quotient is the double next to it, or given up', () => {
  let [all, given] = [0, 0]
  const digits = fc.integer({ min: 0, max: 999_999_999 })
  fc.assert(
    fc.property(digits, digits, fc.nat(22), (high, low, power) => {
      all++
      const found = divideExactly(high, 1e9, low, Number(`1e${power}`))
      if (found === undefined) return
      given++
      expect(found).toBe(Number(`${BigInt(high) * 10n ** 9n + BigInt(low)}e-${power}`))
    }),
    { numRuns: 2000 },
  )
  expect(given / all).toBeGreaterThan(0.8)
})

test.each([
  [2 ** 53, -1, 2 ** 53 - 1],
  [2 ** 53, 0, 2 ** 53],
  [2 ** 53, 1, undefined],
  [2 ** 53, 2, 2 ** 53 + 2],
  [2 ** 53, 3, undefined],
  [2 ** 54, -1, undefined],
  [2 ** 54, 1, 2 ** 54],
  [2 ** 54, 2, undefined],
  [2 ** 54, 3, 2 ** 54 + 4],
])(
  '%d and %d: the middle between two doubles is given up, either way that it would be rounded',
  (high, low, sum) => {
    expect(divideExactly(high, 1, low, 1)).toBe(sum)
    expect(divideExactly(high / 2 ** 20, 2 ** 20, low, 1)).toBe(sum)
    expect(divideExactly(high, 1, low, 2 ** 10)).toBe(sum && sum / 2 ** 10)
  },
)
