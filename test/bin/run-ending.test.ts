import { expect, test } from 'vitest'
import { headline, mendableIn, outstandingLine } from '../../bin/view/run-ending.ts'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DayStatus, Summary } from '../../core/messages.ts'
import type { Mode } from '../../core/modes.ts'

function summaryOf(statuses: readonly DayStatus[], mode: Mode = 'changed', dryRun = false): Summary {
  const days = statuses.map((status, index) => ({
    dataset: 'jobs',
    date: `2024-01-0${index + 1}`,
    status,
    why: '',
  }))
  const countOf = (status: string) => statuses.filter((each) => each === status).length
  const counts = Object.fromEntries(Object.keys(DAY_STATUSES).map((status) => [status, countOf(status)]))
  return { execution: { arn: 'arn', name: 'run' }, dryRun, mode, counts: counts as Summary['counts'], days }
}

test.each<[string, DayStatus[], Mode]>([
  ['1 dataset-day published', ['published', 'unchanged', 'busy'], 'changed'],
  ['nothing to do', ['unchanged', 'empty'], 'changed'],
  ['nothing to do', ['accepted'], 'changed'],
  ['nothing to do', ['not-failed'], 'failed'],
  ['nothing done, since another execution works on 1 dataset-day', ['busy', 'unchanged'], 'changed'],
  ['nothing done', ['stuck', 'unchanged'], 'changed'],
  ['nothing done', ['superseded'], 'changed'],
  ['2 dataset-days accepted', ['accepted', 'accepted', 'not-failed'], 'accept'],
  ['nothing to accept', ['not-failed'], 'accept'],
  ['nothing done, since another execution works on 1 dataset-day', ['busy'], 'accept'],
])('"%s" is the end of a run over days that are %j, in mode %s', (text, statuses, mode) => {
  expect(headline(summaryOf(statuses, mode))).toBe(text)
})

test.each<[string, string, DayStatus[], Mode]>([
  ['1 dataset-day would be worked on', '', ['planned', 'unchanged'], 'changed'],
  ['1 dataset-day would be accepted', '', ['planned', 'not-failed'], 'accept'],
  ['nothing done', '2 dataset-days would fail.', ['failed', 'failed'], 'changed'],
  ['nothing done', '1 dataset-day would be left outstanding.', ['stuck'], 'changed'],
  ['nothing to do', '', ['unchanged'], 'changed'],
])(
  '"%s" and "%s" are the end of a dry run over days that are %j, in mode %s',
  (text, line, statuses, mode) => {
    const summary = summaryOf(statuses, mode, true)
    expect([headline(summary), outstandingLine(summary)]).toEqual([text, line])
  },
)

test('what a dry run found to fail is not redone, since nothing of it was recorded', () => {
  const statuses: DayStatus[] = ['failed', 'stuck', 'superseded', 'published']
  const mendable = (dryRun: boolean) =>
    mendableIn(summaryOf(statuses, 'changed', dryRun)).map(({ status }) => status)
  expect(mendable(true)).toEqual(['stuck'])
  expect(mendable(false)).toEqual(['failed', 'stuck'])
  expect(outstandingLine(summaryOf(statuses))).toBe('3 dataset-days outstanding.')
})
