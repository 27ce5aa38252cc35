import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JOB_NAME_PATTERN, jobNameStem, MAX_JOB_NAME_LENGTH } from '../../core/job-name.ts'

const PARTS = {
  prefix: 'dayfold',
  dataset: 'job_impressions',
  date: '2024-01-31',
  childArn: 'arn:aws:states:us-east-1:000000000000:execution:dayfold/Day:1',
  redriveCount: 0,
  loop: 0,
}

test('a name says what it is for', () => {
  expect(jobNameStem(PARTS)).toMatch(/^dayfold--job-impressions-20240131-[0-9a-f]{10}-0-0$/)
})

test('another child, redrive or loop has another name', () => {
  const stems = [
    jobNameStem(PARTS),
    jobNameStem({ ...PARTS, childArn: `${PARTS.childArn}2` }),
    jobNameStem({ ...PARTS, redriveCount: 1 }),
    jobNameStem({ ...PARTS, loop: 1 }),
  ]
  expect(new Set(stems).size).toBe(stems.length)
})

test('every name is valid with what the definition appends', () => {
  const dataset = fc.stringMatching(/^[a-z][a-z0-9_]{0,63}$/)
  const counts = fc.integer({ min: 0, max: 999 })
  fc.assert(
    fc.property(
      dataset,
      counts,
      counts,
      fc.integer({ min: 0, max: 3 }),
      (name, tries, redriveCount, loop) => {
        const stem = jobNameStem({ ...PARTS, dataset: name, redriveCount, loop })
        const job = `${stem}-${1000 * redriveCount + tries}`
        expect(job).toMatch(JOB_NAME_PATTERN)
        expect(job.length).toBeLessThanOrEqual(MAX_JOB_NAME_LENGTH)
        expect(job.startsWith('dayfold--')).toBe(true)
      },
    ),
  )
})

test('a long dataset is cut as little as what is appended needs', () => {
  const stem = jobNameStem({ ...PARTS, dataset: `a${'b'.repeat(63)}` })
  expect(stem).toMatch(/^dayfold--ab+-20240131-[0-9a-f]{10}-0-0$/)
  expect(`${stem}-1234567`).toHaveLength(MAX_JOB_NAME_LENGTH)
})
