import { expect, test } from 'vitest'
import { totalsOf, type Input, type Published } from '../../../core/manifest.ts'
import type { RejectedFor } from '../../../core/rejects.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import { publishMetrics } from '../../../lambda/publishing/publish-metrics.ts'
import { publishedOutcome, supersededOutcome } from '../../../lambda/publishing/published-outcome.ts'

const input = (key: string, more: Partial<Input> = {}): Input => ({
  ...{ key, etag: 'e', size: 10, records: 4, kept: 2, dropped: 1, rejected: 1 },
  ...more,
})
const ORDER = {
  dataset: 'jobs',
  date: '2024-01-02',
  kind: 'extend',
  why: '2 new files',
  base: 1,
  startedAt: '2024-01-02T00:00:00Z',
  inputs: [input('b'), input('c')],
} as unknown as WorkOrder
const INPUTS = [
  input('a', { records: 100 }),
  input('b'),
  input('c', { records: 0, kept: 0, dropped: 0, rejected: 0, unread: 'bzip2' }),
]
const PUBLISHED = {
  generation: 2,
  inputs: INPUTS,
  totals: totalsOf(INPUTS, []),
  startedAt: '2024-01-02T00:01:00Z',
  publishedAt: '2024-01-02T00:02:30Z',
} as unknown as Published

test('a published day tells what its own order read, and how long it took', () => {
  expect(publishedOutcome(ORDER, PUBLISHED)).toEqual({
    dataset: 'jobs',
    date: '2024-01-02',
    status: 'published',
    why: '2 new files',
    kind: 'extend',
    generation: 2,
    totals: PUBLISHED.totals,
    processed: { files: 1, records: 4, rejected: 1, bytes: 20 },
    seconds: 150,
    programSeconds: 90,
  })
})

test('a new day, vanished and unread objects, rejects and checks are told where there are any', () => {
  const unread = { hidden: { count: 1, bytes: 2, first: '_a' } }
  const reason = (records: number) => ({ reason: 'invalid-json', records }) as RejectedFor
  const checks = [{ name: 'x', status: 'passed' }] as unknown as NonNullable<Published['checks']>
  const outcome = publishedOutcome(
    { ...ORDER, base: 0, vanished: 3 },
    { ...PUBLISHED, unread, checks, newDataAt: PUBLISHED.publishedAt },
    [4, 3, 2, 1].map(reason),
  )
  expect(outcome).toMatchObject({ newDay: true, vanished: 3, unread, rejectedFor: [4, 3, 2].map(reason) })
  expect(outcome).toHaveProperty('checks')
  expect(outcome.newDataAt).toBe(PUBLISHED.publishedAt)
  expect(publishedOutcome(ORDER, PUBLISHED)).not.toHaveProperty('newDay')
})

test('a superseded day tells why', () => {
  expect(supersededOutcome(ORDER, 'cause')).toEqual({
    dataset: 'jobs',
    date: '2024-01-02',
    status: 'superseded',
    why: 'left for the release that the table belongs to',
    kind: 'extend',
    cause: 'cause',
  })
})

test('the metrics of a publish are those of its outcome', () => {
  expect(publishMetrics(publishedOutcome(ORDER, PUBLISHED))).toEqual({
    DaysPublished: 1,
    RecordsProcessed: 4,
    RecordsRejected: 1,
    CheckWarnings: 0,
    PublishSeconds: 150,
  })
  const bare = { dataset: 'jobs', date: '2024-01-02', status: 'published', why: '' } as const
  expect(publishMetrics({ ...bare, checks: { failed: 2 } as never })).toEqual({
    DaysPublished: 1,
    RecordsProcessed: 0,
    RecordsRejected: 0,
    CheckWarnings: 2,
    PublishSeconds: 0,
  })
})
