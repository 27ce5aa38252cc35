import { expect, test } from 'vitest'
import type { Input } from '../../../core/manifest.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import type { JobReport } from '../../../core/job-report.ts'
import type { ErrorCode } from '../../../core/errors.ts'
import { checkReport, checkStaged } from '../../../lambda/publishing/accounting.ts'

/** Matches an error by the name that Step Functions sees. */
const ofCode = (code: ErrorCode) => expect.objectContaining({ code, name: code }) as Error

const RAW = { key: 'jobs/2024/01/02/a.jsonl', etag: 'e', size: 10 }
const COUNTS = { records: 4, kept: 2, dropped: 1, rejected: 1 }

const ORDER: WorkOrder = {
  kind: 'extend',
  dataset: 'jobs',
  date: '2024-01-02',
  execution: { arn: 'arn', name: 'name' },
  attempt: 'token',
  why: 'new day',
  featureVersion: 'v1',
  generation: 1,
  base: 0,
  rawBucket: 'raw',
  dataBucket: 'data',
  staging: 'staging/x/',
  inputs: [RAW],
  parts: [],
  limits: { partRows: 10, partBytes: 10, rowGroupRows: 10 },
  progressKey: 'progress',
  startedAt: '2024-01-02T00:00:00Z',
}
const part = { key: 'staging/x/parts/part-00001-00000.parquet', rows: 3, bytes: 1 }
const rejects = { key: 'staging/x/rejected/rejected-00001-00000.jsonl.gz', rows: 1, bytes: 1 }
const REPORT: JobReport = {
  kind: 'extend',
  dataset: 'jobs',
  date: '2024-01-02',
  attempt: 'token',
  featureVersion: 'v1',
  inputs: [{ ...RAW, ...COUNTS }],
  parts: [part],
  rejects: [rejects],
  totals: { files: 1, rawBytes: 10, ...COUNTS, rows: 3, parts: 1, bytes: 1 },
  reencodedValues: 0,
  encodedValues: 0,
  phaseSeconds: {},
  startedAt: '2024-01-02T00:00:00Z',
  finishedAt: '2024-01-02T00:01:00Z',
}

test('a report that adds up is accepted', () => {
  expect(() => checkReport(ORDER, REPORT, 'v1')).not.toThrow()
})

const [input] = REPORT.inputs
test.each<[string, Partial<JobReport>, RegExp]>([
  ['of another attempt', { attempt: 'other' }, /attempt: expected token, found other/],
  ['without an input', { inputs: [] }, /expected 1 inputs, each once, found 0/],
  ['with an input twice', { inputs: [input!, input!] }, /expected 1 inputs, each once, found 2/],
  ['of another object', { inputs: [{ ...input!, etag: 'f' }] }, /expected ETag e and 10 bytes, found f/],
  [
    'that loses a record',
    { inputs: [{ ...input!, kept: 1 }] },
    /records = kept \+ dropped \+ rejected, found 4 = 1/,
  ],
  ['that loses a row', { parts: [{ ...part, rows: 2 }] }, /rows in parts: expected 3, found 2/],
  ['that loses a reject', { rejects: [] }, /lines in reject files: expected 1, found 0/],
  ['whose totals differ', { totals: { ...REPORT.totals, records: 5 } }, /records: expected 4, found 5/],
])('a report %s is refused', (_, change, message) => {
  const check = () => checkReport(ORDER, { ...REPORT, ...change }, 'v1')
  expect(check).toThrow(message)
  expect(check).toThrow(ofCode('AccountingMismatch'))
})

test('a consolidation has to write the rows that it reads', () => {
  const order: WorkOrder = { ...ORDER, kind: 'consolidate', inputs: [], parts: [part] }
  const report: JobReport = { ...REPORT, kind: 'consolidate', inputs: [], rejects: [] }
  expect(() => checkReport(order, report, 'v1')).not.toThrow()
  expect(() => checkReport(order, { ...report, parts: [{ ...part, rows: 2 }] }, 'v1')).toThrow(
    /rows: expected 3, found 2/,
  )
})

test('order, image and deployment have to be of one feature code', () => {
  const check = () => checkReport(ORDER, REPORT, 'v2')
  expect(check).toThrow(/found v1 ordered, v1 in the image, v2 deployed/)
  expect(check).toThrow(ofCode('FeatureVersionMismatch'))
  expect(() => checkReport(ORDER, { ...REPORT, featureVersion: 'v0' }, 'v1')).toThrow(/v0 in the image/)
})

const BYTES = { read: 8, rejected: 2, unread: 0, decoded: 10 }
const withBytes = (change: Partial<Input>) => ({
  ...REPORT,
  inputs: [{ ...input!, bytes: BYTES, ...change }],
  totals: REPORT.totals,
})

test.each<[string, Partial<Input>]>([
  ['each of which was read or rejected', {}],
  [
    'some of which are said not to be decoded',
    { unread: 'why', bytes: { ...BYTES, read: 5, unread: 3, decoded: 7 } },
  ],
  [
    'some of which are a reject that was not decoded',
    { bytes: { ...BYTES, read: 5, unread: 3, decoded: 7 } },
  ],
  [
    'more than are stored, decompressed',
    { bytes: { ...BYTES, read: 98, decoded: 100, compression: 'gzip' } },
  ],
  [
    'fewer than are stored, where the compression broke off',
    { unread: 'why', bytes: { ...BYTES, unread: 4, compression: 'zstd' } },
  ],
])('an object is accounted for by its bytes, %s', (_, change) => {
  expect(() => checkReport(ORDER, withBytes(change), 'v1')).not.toThrow()
})

const NOT_REJECTED = { records: 3, rejected: 0 }
test.each<[string, Partial<Input>, RegExp]>([
  [
    'were decoded and not told of',
    { bytes: { ...BYTES, read: 7 } },
    /decoded bytes = read \+ rejected, found 10 = 7 \+ 2/,
  ],
  ['are less than none', { bytes: { ...BYTES, read: 12, rejected: -2 } }, /found 10 = 12 \+ -2/],
  [
    'were lost on the way to the decoder',
    { bytes: { ...BYTES, read: 7, decoded: 9 } },
    /all of 10 stored bytes, found 9 decoded and 0 not decoded/,
  ],
  [
    'were lost after it had broken off',
    { unread: 'why', bytes: { ...BYTES, unread: 1 } },
    /all of 10 stored bytes, found 10 decoded and 1 not decoded/,
  ],
  [
    'are more than are stored',
    { unread: 'why', bytes: { ...BYTES, unread: 11, compression: 'gzip' } },
    /all of 10 stored bytes, found 11 not decoded/,
  ],
  ['were rejected without a reject', { ...NOT_REJECTED, bytes: BYTES }, /rejects of 2 bytes, found none/],
  [
    'were not decoded, and nobody says why',
    { ...NOT_REJECTED, bytes: { read: 7, rejected: 0, unread: 3, decoded: 7 } },
    /why 3 bytes were not decoded, found nothing/,
  ],
])('an object whose bytes %s is refused', (_, change, message) => {
  const check = () => checkReport(ORDER, withBytes(change), 'v1')
  expect(check).toThrow(message)
  expect(check).toThrow(ofCode('AccountingMismatch'))
})

test('every disagreement is counted, five are told and twenty kept for whoever looks closer', () => {
  const inputs = Array.from({ length: 25 }, (_, index) => ({
    ...RAW,
    key: `raw-${String(index).padStart(2, '0')}`,
  }))
  const check = (count: number) => () =>
    checkReport(
      { ...ORDER, inputs: inputs.slice(0, count) },
      {
        ...REPORT,
        inputs: inputs.slice(0, count).map((raw) => ({ ...raw, ...COUNTS, etag: 'f' })),
        rejects: [{ ...rejects, rows: count }],
        totals: { ...REPORT.totals, records: 4 * count, rows: 3 },
        parts: [part],
      },
      'v1',
    )
  const wrong = (index: number) =>
    `raw-${String(index).padStart(2, '0')}: expected ETag e and 10 bytes, found f and 10`
  expect(check(1)).toThrow(
    `Report of jobs 2024-01-02: ${wrong(0)}. Nothing was published; run the day again.`,
  )
  const many = () => {
    try {
      check(25)()
    } catch (error) {
      return error as { message: string; context: { attempt: string; problems: string[] } }
    }
    throw new Error('it was accepted')
  }
  const { message, context } = many()
  expect(message).toContain(`${[0, 1, 2, 3, 4].map(wrong).join('; ')} and 21 more. Nothing`)
  expect(context.attempt).toBe('token')
  expect(context.problems).toHaveLength(20)
})

test.each<[string, Partial<JobReport>, string]>([
  ['of another kind of work', { kind: 'rebuild' }, 'kind: expected extend, found rebuild'],
  ['of another dataset', { dataset: 'other' }, 'dataset: expected jobs, found other'],
  ['of another day', { date: '2024-01-03' }, 'date: expected 2024-01-02, found 2024-01-03'],
  ['of another size', { inputs: [{ ...input!, size: 11 }] }, 'expected ETag e and 10 bytes, found e and 11'],
  [
    'without the counts of an input',
    { inputs: [{ ...input!, key: 'other' }] },
    'jobs/2024/01/02/a.jsonl: expected its counts, found none',
  ],
  ['that keeps fewer than none', { inputs: [{ ...input!, kept: -1, dropped: 4 }] }, 'found 4 = -1 + 4 + 1'],
  [
    'that has fewer rows than records that were kept',
    { parts: [{ ...part, rows: 1 }], totals: { ...REPORT.totals, rows: 1 } },
    'rows: expected at least one of each of 2 kept records, found 1',
  ],
])('a report %s is refused as well', (_, change, message) => {
  expect(() => checkReport(ORDER, { ...REPORT, ...change }, 'v1')).toThrow(message)
})

test('a record may have become several rows, or just one', () => {
  const rows = (count: number) => ({
    ...REPORT,
    parts: [{ ...part, rows: count }],
    totals: { ...REPORT.totals, rows: count },
  })
  expect(() => checkReport(ORDER, rows(2), 'v1')).not.toThrow()
  expect(() => checkReport(ORDER, rows(50), 'v1')).not.toThrow()
})

test('a consolidation has to say how many rows it wrote, and rejects nothing', () => {
  const order: WorkOrder = { ...ORDER, kind: 'consolidate', inputs: [], parts: [part] }
  const report: JobReport = { ...REPORT, kind: 'consolidate', inputs: [], rejects: [] }
  const check = (change: Partial<JobReport>) => () => checkReport(order, { ...report, ...change }, 'v1')
  expect(check({ totals: { ...REPORT.totals, rows: 4 } })).toThrow(/rows in the totals: expected 3, found 4/)
  expect(check({ rejects: [rejects] })).toThrow(/reject files: expected 0, found 1/)
})

test('only the deployed feature code differs: refused, with what to do', () => {
  expect(() => checkReport(ORDER, REPORT, 'v2')).toThrow(
    'Feature code of jobs 2024-01-02: expected one version, found v1 ordered, v1 in the image, v2 deployed. ' +
      'Wait for the deployment to end and run the day again.',
  )
  const later = { ...ORDER, featureVersion: 'v2' }
  expect(() => checkReport(later, REPORT, 'v1')).toThrow(ofCode('FeatureVersionMismatch'))
})

test('every staged file has to be there, in its size', () => {
  const listed = (bytes: number) => new Map([[part.key, bytes]])
  expect(() => checkStaged([part], listed(1))).not.toThrow()
  expect(() => checkStaged([part], new Map())).toThrow(ofCode('StagingGone'))
  expect(() => checkStaged([part], new Map())).toThrow(
    `Staged file ${part.key}: expected it, found none. Run the day again.`,
  )
  expect(() => checkStaged([part], listed(2))).toThrow(ofCode('AccountingMismatch'))
  expect(() => checkStaged([part], listed(0))).toThrow(
    `Staged file ${part.key}: expected 1 bytes, found 0. Run the day again.`,
  )
})
