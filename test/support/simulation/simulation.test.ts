import { expect, test } from 'vitest'
import type { WorkOrder } from '../../../core/work-order.ts'
import { costOf } from './cost.ts'
import { courseOf } from './model.ts'
import { rawDays } from './raw-days.ts'

const PREFIX = 'jobs/2025/12/31/'
const list = rawDays({ seed: '1', files: 3000, isDay: (prefix) => prefix === PREFIX, lastModified: 0 })

test('a day is listed in the order of its keys, goes on after any of them, and is the same each time', () => {
  const objects = [...list(PREFIX, '')]
  expect(objects).toHaveLength(3000)
  expect(objects.map(({ key }) => key)).toEqual(objects.map(({ key }) => key).sort())
  expect(new Set(objects.map(({ etag }) => etag)).size).toBe(3000)
  for (const index of [0, 999, 2998])
    expect([...list(PREFIX, objects[index]!.key)]).toEqual(objects.slice(index + 1))
  expect([...list('jobs/2026/01/01/', '')]).toEqual([])
})

test('a job takes as long as its records on the cores of its instance, and longer where S3 slows it down', () => {
  const inputs = Array.from({ length: 50_000 }, () => ({ key: '', etag: '', size: 1 }))
  const order = { kind: 'rebuild', dataset: 'jobs', date: '2025-12-31', inputs } as unknown as WorkOrder
  const weather = { seed: '1', slowed: 0, throttled: 0 }
  const seconds = (type: string, more: object = {}) =>
    courseOf(order, type, 0, { ...weather, ...more }).seconds
  const start = seconds('ml.m5.2xlarge') - (50_000 * 0.00116 + (5_000_000 * 144.14) / 400_000) / 8
  expect(start).toBeGreaterThanOrEqual(180)
  expect(start).toBeLessThanOrEqual(480)
  expect(seconds('ml.m5.large') - start).toBeCloseTo(4 * (seconds('ml.m5.2xlarge') - start))
  expect(seconds('ml.m5.2xlarge', { slowed: 1 }) - start).toBeGreaterThan(
    1.5 * (seconds('ml.m5.2xlarge') - start),
  )
  expect(courseOf(order, 'ml.m5.2xlarge', 0, { ...weather, throttled: 1 }).failure).toMatch(/^S3Throttled: /)
})

test('a bill has a line for each service, and none for an instance without a price', () => {
  const usage = {
    instanceSeconds: { 'ml.m5.2xlarge': 7200 },
    lambdaInvocations: 1_000_000,
    lambdaGbSeconds: 1_000_000,
    transitions: 40_000,
    s3Writes: 200_000,
    s3Reads: 2_500_000,
    crawls: 2,
    queries: 20_000,
  }
  const dollars = costOf(usage)
  expect(Object.values(dollars).map((amount) => Number(amount.toFixed(2)))).toEqual([
    0.92, 13.53, 1, 2, 0.29, 1,
  ])
  expect(() => costOf({ ...usage, instanceSeconds: { 'ml.x1.large': 1 } })).toThrow('ml.x1.large')
})
