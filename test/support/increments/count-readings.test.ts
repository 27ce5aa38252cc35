import { expect, test } from 'vitest'
import type { PublishTime } from './messages.ts'
import { countReadings, type Reading } from './reader.ts'

const extension: PublishTime = { kind: 'extend', start: 100, end: 200 }
const replacement: PublishTime = { kind: 'rebuild', start: 500, end: 600 }

function reading(start: number, end: number, more: Partial<Reading> = {}): Reading {
  return { start, end, failures: [], duplicates: 0, lost: 0, ...more }
}

function failedAt(start: number, isDocumented = true): Reading {
  const end = start + 20
  return reading(start, end + 50, { failures: [{ start, end, isDocumented }] })
}

const count = (...readings: Reading[]) => countReadings(readings, [extension, replacement])

test('a query overlaps a publish when it has not ended before it and has not begun after it', () => {
  const readings = [reading(0, 99), reading(50, 100), reading(150, 160), reading(200, 300), reading(201, 300)]
  expect(count(...readings)).toMatchObject({ queries: 5, overlapping: 3 })
})

test('the documented failure during a replacement is counted apart from what must not happen', () => {
  expect(count(failedAt(490))).toMatchObject({ failed: 1, retried: 1, broken: 0 })
})

test('a failure during an extension, or while nothing is published, is broken', () => {
  expect(count(failedAt(150), failedAt(300))).toMatchObject({ failed: 0, retried: 2, broken: 2 })
})

test('another failure than the documented one is broken, also during a replacement', () => {
  expect(count(failedAt(490, false))).toMatchObject({ failed: 0, broken: 1 })
})

test('rows seen twice and rows lost are summed over the queries', () => {
  const readings = [reading(0, 1, { duplicates: 2 }), reading(1, 2, { duplicates: 1, lost: 4 })]
  expect(count(...readings)).toMatchObject({ duplicates: 3, lost: 4 })
})
