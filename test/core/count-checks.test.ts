import { expect, test } from 'vitest'
import type { CheckResult } from '../../core/checks.ts'
import { countChecks } from '../../core/count-checks.ts'

const result = (check: string, more: Partial<CheckResult> = {}): CheckResult => ({
  ...{ check, otherwise: 'warn', state: 'failed', expected: 'a', found: 'b' },
  ...more,
})

test('checks that have not passed are told, the worst first', () => {
  const results = [
    result('drift', { state: 'unknown', otherwise: 'fail' }),
    result('one'),
    result('passed', { state: 'passed', otherwise: 'fail' }),
    result('two'),
    result('stops', { otherwise: 'fail' }),
  ]
  expect(countChecks(results)).toEqual({
    ...{ passed: 1, failed: 3, unknown: 1 },
    told: [
      ...['stops', 'one', 'two'].map((check) => `${check}: expected a, found b`),
      'not judged: drift: expected a, found b',
    ],
  })
})

test('ten are told in 300 characters each, all are counted', () => {
  const many = Array.from({ length: 12 }, (_, index) => result(`${index}`, { found: 'é'.repeat(999) }))
  const { failed, told } = countChecks(many)
  expect(failed).toBe(12)
  expect(told).toHaveLength(10)
  expect(told.map(({ length }) => length)).toEqual(Array(10).fill(300))
})
