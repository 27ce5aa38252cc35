import { expect, test } from 'vitest'
import {
  amount,
  number,
  numberWithin,
  requiredInteger,
  requiredNumber,
  requiredNumbers,
} from '../../../processing/fields/numbers.ts'

test.each([
  [52.5, 52.5],
  [' 52.5 ', 52.5],
  ['-.5', -0.5],
  ['5.', 5],
  ['+1E3', 1000],
  [12_345_678_901_234_567_890n, Number(12_345_678_901_234_567_890n)],
  [10n ** 400n, null],
  ['1e400', null],
  ['0x10', null],
  ['1,5', null],
  ['', null],
  ['.', null],
  ['Infinity', null],
  [Infinity, null],
  [NaN, null],
  [true, null],
  [[1], null],
])('the number of %s is %s', (value, expected) => {
  expect(number(value)).toBe(expected)
})

test('numbers are within their limits, both included', () => {
  expect([-90, 90n, '90.1'].map((value) => numberWithin(value, -90, 90))).toEqual([-90, 90, null])
  expect(requiredNumber('0', 'share', 0, 1)).toBe(0)
  expect(() => requiredNumber(1.1, 'share', 0, 1)).toThrow('share: expected a number from 0 to 1, found 1.1')
  expect(() => requiredNumber('much', 'share')).toThrow('share: expected a number, found "much"')
})

test('a whole number is exact', () => {
  expect([3, 3n, '3', 3].map((value) => requiredInteger(value, 'position', 1))).toEqual([3, 3, 3, 3])
  for (const value of [0, 1.5, '1.5', 9_007_199_254_740_993n, null, 'first']) {
    expect(() => requiredInteger(value, 'position', 1)).toThrow(
      /^position: expected a whole number from 1, found /,
    )
  }
})

test('a list holds numbers alone', () => {
  expect(requiredNumbers([1, '2', 100_000_000_000_000_000_000n], 'features')).toEqual([1, 2, 1e20])
  expect(() => requiredNumbers([1, 'high'], 'features')).toThrow(
    'features: expected numbers, found "high" at index 1',
  )
  expect(() => requiredNumbers('1', 'features')).toThrow('features: expected a list of numbers, found "1"')
})

test.each([
  ['1.,.,', 1],
  [`1${'.'.repeat(9)}1`, 1.1],
  [12_345_678_901_234_567_890n, Number(12_345_678_901_234_567_890n)],
])('the amount %s is %s', (value, expected) => {
  expect(amount(value)).toBe(expected)
})
