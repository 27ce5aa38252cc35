import { expect, test } from 'vitest'
import type { DayOutcome } from '../../../core/messages.ts'
import { MANIFEST_GONE } from '../../../core/redo.ts'
import {
  causeIn,
  failedDaysCause,
  failureText,
  MAX_FAILURE_LENGTH,
} from '../../../lambda/results/failure-text.ts'

const failed = (date: string, more: Partial<DayOutcome> = {}): DayOutcome => ({
  ...{ dataset: 'jobs', date, status: 'failed', why: '', error: 'E', cause: 'broken' },
  ...more,
})
const FACTS = { total: 9, summaryUri: 's3://data/runs/x/summary.json', dryRun: false }
const input = (date: string, more: object) =>
  JSON.stringify({ from: date, to: date, datasets: ['jobs'], ...more })

test('the text of a failure is one line of bounded length', () => {
  expect(failureText('  first \nsecond')).toBe('first')
  expect(failureText('x'.repeat(MAX_FAILURE_LENGTH))).toBe('x'.repeat(MAX_FAILURE_LENGTH))
  const long = failureText('x'.repeat(MAX_FAILURE_LENGTH + 1))
  expect(long).toBe(`${'x'.repeat(MAX_FAILURE_LENGTH - 1)}…`)
  expect(failureText('{"ExitMessage": "", "errorMessage": "of a function", "FailureReason": "x"}')).toBe(
    'of a function',
  )
  expect(failureText('{"ExitMessage": 5}')).toBe('{"ExitMessage": 5}')
})

test('a cause is read where it is an object, and only then', () => {
  expect(causeIn('{"errorMessage": "x"}')).toEqual({ errorMessage: 'x' })
  expect([causeIn(undefined), causeIn('"text"'), causeIn('{broken')]).toEqual([{}, {}, {}])
})

test('without failed days there is no cause', () => {
  expect(failedDaysCause([], FACTS)).toBe('')
})

test('failed days are named, with an input for each remedy, a line each', () => {
  const days = [
    failed('2024-01-01', { cause: 'jobs 2024-01-01: broken' }),
    failed('2024-01-02', { error: 'DamagedDay', cause: MANIFEST_GONE }),
    failed('2024-01-03', { error: 'EmptyPrefix' }),
    { dataset: 'jobs', date: '2024-01-04', status: 'failed', why: '' } as DayOutcome,
  ]
  expect(failedDaysCause(days, FACTS).split('\n')).toEqual([
    '4 of 9 dataset-days failed.',
    'jobs 2024-01-01: E: broken',
    `jobs 2024-01-02: DamagedDay: ${MANIFEST_GONE}`,
    'jobs 2024-01-03: EmptyPrefix: broken',
    'jobs 2024-01-04',
    'Once the causes are mended, redo them with the input {"from":"2024-01-01","to":"2024-01-04","datasets":["jobs"],"mode":"failed"}',
    `Those whose manifest cannot be read are mended with the input ${input('2024-01-02', { mode: 'rebuild' })}`,
    'Those that failed with EmptyPrefix keep their rows; what deletes these is the input ' +
      input('2024-01-03', { mode: 'failed', allowEmpty: true }),
    'What accepts them as they are is the input {"from":"2024-01-01","to":"2024-01-04","datasets":["jobs"],"mode":"accept"}',
    'Every outcome: s3://data/runs/x/summary.json',
  ])
})

test('a dry run says what would fail, and what mends a manifest', () => {
  const days = [failed('2024-01-01'), failed('2024-01-02', { error: 'DamagedDay', cause: MANIFEST_GONE })]
  expect(failedDaysCause(days, { ...FACTS, dryRun: true }).split('\n')).toEqual([
    '2 of 9 dataset-days would fail.',
    'jobs 2024-01-01: E: broken',
    `jobs 2024-01-02: DamagedDay: ${MANIFEST_GONE}`,
    `Those whose manifest cannot be read are mended with the input ${input('2024-01-02', { mode: 'rebuild' })}`,
    'Every outcome: s3://data/runs/x/summary.json',
  ])
})

test.each([
  [20, undefined],
  [21, 'and 1 more'],
])('of %d days twenty are named', (count, more) => {
  const days = Array.from({ length: count }, (_, index) =>
    failed(`2024-01-${String(index + 1).padStart(2, '0')}`),
  )
  const lines = failedDaysCause(days, FACTS).split('\n')
  expect(lines.filter((line) => line.startsWith('jobs '))).toHaveLength(20)
  expect(lines.find((line) => line.startsWith('and '))).toBe(more)
})

test.each([
  [3, undefined],
  [4, 'and 1 more'],
])('of %d inputs three are given', (years, more) => {
  // Too far apart for one execution.
  const days = Array.from({ length: years }, (_, index) => failed(`${2000 + 4 * index}-01-01`))
  const lines = failedDaysCause(days, FACTS).split('\n')
  expect(lines.filter((line) => line.includes('redo them'))).toHaveLength(3)
  expect(lines.find((line) => line.startsWith('and '))).toBe(more)
})
