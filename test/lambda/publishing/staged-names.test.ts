import { expect, test } from 'vitest'
import type { JobReport } from '../../../core/job-report.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import { stagedBy, stagedFiles } from '../../../lambda/publishing/staged-names.ts'

const ORDER = { dataset: 'jobs', date: '2024-01-02', generation: 2, staging: 'staging/x/' } as WorkOrder
const HOME = 'processed/jobs/day_partition=2024-01-02/'
const part = { key: 'staging/x/parts/part-00002-a-00000.parquet', rows: 3, bytes: 30 }
const reject = { key: 'staging/x/rejected/rejected-00002-a-00000.jsonl.gz', rows: 1, bytes: 10 }
const sketch = { key: 'staging/x/sketches/profile-00002-a-00000.json.gz', rows: 3, bytes: 5 }
const reportOf = (more: Partial<JobReport> = {}) =>
  ({ parts: [part], rejects: [reject], ...more }) as JobReport

test('staged files get the names of the published ones, and a copy each', () => {
  const { parts, rejects, sketches, copies } = stagedFiles(ORDER, reportOf({ sketches: [sketch] }), HOME)
  expect(parts).toEqual([{ ...part, key: `${HOME}part-00002-a-00000.parquet` }])
  expect(rejects).toMatchObject([{ rows: 1, bytes: 10 }])
  expect(rejects[0]!.key).toMatch(/^rejected\/jobs\/.*\/rejected-00002-a-00000\.jsonl\.gz$/)
  expect(sketches[0]!.key).toBe('state/jobs/day_partition=2024-01-02/profile-00002-a-00000.json.gz')
  expect(copies).toEqual([
    { from: part.key, to: parts[0]!.key, bytes: 30 },
    { from: reject.key, to: rejects[0]!.key, bytes: 10 },
    { from: sketch.key, to: sketches[0]!.key, bytes: 5 },
  ])
  expect(stagedBy(reportOf({ sketches: [sketch] }))).toEqual([part, reject, sketch])
  expect(stagedBy(reportOf())).toEqual([part, reject])
  expect(stagedFiles(ORDER, reportOf(), HOME).sketches).toEqual([])
})

test.each([
  ['lies elsewhere', [{ ...part, key: part.key.replace('staging/x/', 'staging/y/') }]],
  ['is of another generation', [{ ...part, key: part.key.replace('00002', '00001') }]],
  ['is there twice', [part, { ...part, key: part.key.replace('parts/', 'more/') }]],
])('a staged file that %s is refused', (_, parts) => {
  const check = () => stagedFiles(ORDER, reportOf({ parts }), HOME)
  expect(check).toThrow(expect.objectContaining({ code: 'AccountingMismatch' }) as Error)
  expect(check).toThrow(
    'Report of jobs 2024-01-02: expected staged files of generation 2 under staging/x/, each once, ' +
      `found ${parts.at(-1)!.key}. Run the day again.`,
  )
})
