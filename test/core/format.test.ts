import { expect, test } from 'vitest'
import { bytes, count, counted, dollars, duration, minute } from '../../core/format.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [99_449, '99.4 KB'],
  [99_500, '100 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [1_400_000, '1.4 MB'],
  [2e9, '2.0 GB'],
  [3e12, '3.0 TB'],
  [1e15, '1000 TB'],
])('%d bytes are %s', (value, text) => {
  expect(bytes(value)).toBe(text)
})

test.each([
  [0, '0.0 s'],
  [8.44, '8.4 s'],
  [9.95, '10 s'],
  [59.4, '59 s'],
  [59.5, '1 min 0 s'],
  [200, '3 min 20 s'],
  [3599, '59 min 59 s'],
  [3600, '1 h 0 min'],
  [7500, '2 h 5 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test.each([
  [0, '$0.00'],
  [0.004_213, '$0.0042'],
  [0.999, '$1'],
  [1, '$1.00'],
  [12.3, '$12.30'],
])('%d dollars are %s', (value, text) => {
  expect(dollars(value)).toBe(text)
})

test('counts have separators and their noun', () => {
  expect(count(1288)).toBe('1,288')
  expect([counted(0, 'day'), counted(1, 'day'), counted(1208, 'day')]).toEqual([
    '0 days',
    '1 day',
    '1,208 days',
  ])
  expect(counted(2, 'query', 'queries')).toBe('2 queries')
})

test('a time is told to the minute', () => {
  expect(minute('2024-01-31T09:10:59.000Z')).toBe('2024-01-31 09:10')
})
