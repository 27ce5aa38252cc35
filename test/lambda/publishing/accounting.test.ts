import { expect, test } from 'vitest'
import type { Published } from '../../../core/manifest.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import type { JobReport } from '../../../core/job-report.ts'
import type { ErrorCode } from '../../../core/errors.ts'
import type { RejectedFor } from '../../../core/rejects.ts'
import { checkRejectedRatio, checkReport } from '../../../lambda/publishing/accounting.ts'

/** The error that Step Functions sees by this name. */
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

const NEXT: Published = {
  dataset: 'jobs',
  date: '2024-01-02',
  generation: 1,
  featureVersion: 'v1',
  inputs: REPORT.inputs,
  parts: [part],
  rejects: [rejects],
  totals: REPORT.totals,
  attempt: 'token',
  execution: 'arn',
  startedAt: '2024-01-02T00:00:00Z',
  publishedAt: '2024-01-02T00:01:00Z',
  nonce: 'n',
}
const PREFIX = 's3://data/staging/x/rejected/'

test('too many rejects: the message has the commonest reason with a record, cut where it is long', () => {
  const first = { source: RAW.key, line: 17, message: `id: expected a number,\nfound "${'x'.repeat(500)}".` }
  const rejectedFor: RejectedFor[] = [{ reason: 'extract-error', records: 1, first }]
  const check = () => checkRejectedRatio(NEXT, 0.1, { prefix: PREFIX, rejectedFor })
  expect(check).toThrow(
    /found 1 of 4 \(25\.00%\), of these 1 for extract-error, the first at jobs\/2024\/01\/02\/a\.jsonl:17: id: expected a number, found "x{100,}…\. The published/,
  )
  expect(check).toThrow(/^.{0,500}$/)
  expect(check).toThrow(ofCode('RejectedRatioExceeded'))
})

test('too many rejects that an earlier job has made: there is no reason to tell', () => {
  expect(() => checkRejectedRatio(NEXT, 0.1, { prefix: PREFIX })).toThrow('1 of 4 (25.00%). The published')
  expect(() => checkRejectedRatio(NEXT, 0.25, { prefix: PREFIX })).not.toThrow()
})
