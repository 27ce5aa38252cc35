import { expect, test } from 'vitest'
import { totalsOf, type Input, type Published } from '../../../core/manifest.ts'
import type { JobReport } from '../../../core/job-report.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import { nextGeneration } from '../../../lambda/publishing/next-generation.ts'

const LOCATION = 'processed/jobs/day_partition=2024-01-02/'
const input = (name: string, unread?: string): Input => ({
  key: `jobs/2024/01/02/${name}`,
  etag: 'e',
  size: 1,
  records: 1,
  kept: 1,
  dropped: 0,
  rejected: 0,
  ...(unread !== undefined && { unread }),
})

const orderOf = (kind: WorkOrder['kind'], more: Partial<WorkOrder> = {}): WorkOrder => ({
  kind,
  dataset: 'jobs',
  date: '2024-01-02',
  execution: { arn: 'arn', name: 'name' },
  attempt: 'token',
  why: 'new day',
  featureVersion: 'v1',
  generation: 2,
  base: 0,
  rawBucket: 'raw',
  dataBucket: 'data',
  staging: 'staging/x/',
  inputs: [],
  parts: [],
  limits: { partRows: 10, partBytes: 10, rowGroupRows: 10 },
  progressKey: 'progress',
  startedAt: '2024-01-02T00:00:00Z',
  ...more,
})

/** Returns the generation that an order publishes on top of another one. */
function next(base: Partial<Published> | null, order: WorkOrder, report: Partial<JobReport>): Published {
  const options = {
    base: base as Published | null,
    order,
    report: { inputs: [], parts: [], rejects: [], ...report } as unknown as JobReport,
    location: LOCATION,
    publishedAt: '2024-01-02T00:01:00Z',
    nonce: 'n',
  }
  return nextGeneration(options).next
}

const before = (more: Partial<Published>): Partial<Published> => ({
  dataset: 'jobs',
  date: '2024-01-02',
  location: LOCATION,
  inputs: [],
  parts: [],
  rejects: [],
  totals: totalsOf([], []),
  ...more,
})

test.each<[string, Partial<Published> | null, WorkOrder['kind'], string | undefined, string | undefined]>([
  ['a new day', null, 'extend', '10', '10'],
  ['a new day of 0.1.0', null, 'extend', undefined, undefined],
  ['a rebuild', before({ engine: '2' }), 'rebuild', '10', '10'],
  ['a rebuild by a release that does not say', before({ engine: '2' }), 'rebuild', undefined, undefined],
  ['an extension of what 0.1.0 read', before({}), 'extend', '10', undefined],
  ['an extension of what an older one read', before({ engine: '9' }), 'extend', '10', '9'],
  ['an extension by a release that was taken back', before({ engine: '10' }), 'extend', '9', '9'],
  ['an extension by 0.1.0', before({ engine: '10' }), 'extend', undefined, undefined],
  ['a consolidation', before({ engine: '9' }), 'consolidate', '10', '9'],
  ['a consolidation by a release that was taken back', before({ engine: '10' }), 'consolidate', '9', '10'],
  ['a consolidation of what 0.1.0 read', before({}), 'consolidate', '10', undefined],
])('%s is of the oldest engine that read any of its inputs', (_, base, kind, engine, expected) => {
  const published = next(base, orderOf(kind), engine === undefined ? {} : { engine })
  expect(published.engine).toBe(expected)
  expect('engine' in published).toBe(expected !== undefined)
})

test('what was not read is said of the whole day as it is now', () => {
  const hidden = { count: 1, bytes: 2, first: '_a' }
  const old = before({ inputs: [input('a', 'broken')], unread: { excluded: hidden } })
  const order = orderOf('extend', { unread: { hidden } })
  expect(next(old, order, { inputs: [input('b', 'cut short')] }).unread).toEqual({
    hidden,
    unreadable: { count: 2, bytes: 2, first: 'jobs/2024/01/02/a', why: 'broken' },
  })
  // A rebuild reads everything anew, a consolidation nothing.
  expect(next(old, { ...order, kind: 'rebuild' }, { inputs: [input('a')] }).unread).toEqual({ hidden })
  expect(next(old, { ...order, kind: 'consolidate' }, {}).unread).toMatchObject({
    hidden,
    unreadable: { count: 1 },
  })
})

test('inputs of a generation are in the order of their keys, whichever came first', () => {
  const keysOf = ({ inputs }: Published) => inputs.map(({ key }) => key.slice(-1)).join('')
  const old = before({ inputs: [input('b'), input('d')] })
  const report = { inputs: [input('c'), input('a')] }
  expect(keysOf(next(old, orderOf('extend'), report))).toBe('abcd')
  expect(keysOf(next(old, orderOf('rebuild'), report))).toBe('ac')
  expect(keysOf(next(old, orderOf('consolidate'), report))).toBe('bd')
})

test('an order that no listing counted for says nothing of what was not read', () => {
  expect('unread' in next(null, orderOf('extend'), { inputs: [input('a')] })).toBe(false)
  expect(next(null, orderOf('extend', { unread: {} }), { inputs: [input('a')] }).unread).toEqual({})
})

const EARLIER = '2024-01-02T00:00:30Z'
const known = (more: Partial<Published> = {}) =>
  before({ inputs: [input('a')], totals: totalsOf([input('a')], []), newDataAt: EARLIER, ...more })
test.each<[string, Partial<Published> | null, WorkOrder['kind'], string[], string | undefined]>([
  ['a new day', null, 'rebuild', ['a'], '2024-01-02T00:01:00Z'],
  ['a new day without records', null, 'extend', [], undefined],
  ['an extension', known(), 'extend', ['b'], '2024-01-02T00:01:00Z'],
  ['an extension without records', known(), 'extend', [], EARLIER],
  ['a rebuild with more records', known(), 'rebuild', ['a', 'b'], '2024-01-02T00:01:00Z'],
  ['a rebuild of the same records', known(), 'rebuild', ['a'], EARLIER],
  ['a consolidation', known(), 'consolidate', [], EARLIER],
  [
    'a consolidation of what 0.1.0 published',
    { ...known(), newDataAt: undefined },
    'consolidate',
    [],
    undefined,
  ],
])('%s says when the day last got new data', (_, base, kind, names, expected) => {
  const published = next(base, orderOf(kind), { inputs: names.map((name) => input(name)) })
  expect(published.newDataAt).toBe(expected)
  expect('newDataAt' in published).toBe(expected !== undefined)
})
