import { expect, test } from 'vitest'
import type { Attempt } from '../../../core/attempt.ts'
import { totalsOf, type Published } from '../../../core/manifest.ts'
import type { PlanDayInput } from '../../../core/messages.ts'
import { outcomes } from '../../../lambda/planning/outcomes.ts'

const DAY = { dataset: 'jobs', date: '2024-01-02' }
const inputOf = (more: Partial<PlanDayInput> = {}) =>
  ({ ...DAY, scheduled: false, dryRun: false, ...more }) as PlanDayInput
const answers = outcomes(inputOf())
const UNREAD = { hidden: { count: 1, bytes: 2, first: '_a' } }
const done = (status: string, why: string, more: object = {}) => ({
  action: 'done',
  outcome: { ...DAY, status, why, ...more },
})

test.each([
  [{}, 'wait'],
  [{ scheduled: true }, 'done'],
  [{ dryRun: true }, 'done'],
])('of a busy day a person waits, the schedule and a dry run do not: %j', (input, action) => {
  expect(outcomes(inputOf(input)).busy('why')).toEqual({
    action,
    outcome: { ...DAY, status: 'busy', why: 'why' },
  })
})

test.each([
  [1, 'for the place of jobs'],
  [2, 'for one of the 2 places of jobs'],
])('whoever has no place of %d waits, the schedule too', (count, why) => {
  expect(outcomes(inputOf({ scheduled: true })).withoutPlace(count)).toEqual({
    action: 'wait',
    outcome: { ...DAY, status: 'busy', why },
  })
})

test.each([
  [false, ''],
  [true, ', as the clock was set back since: set it right'],
])('a day under a lease says whose it is and until when', (isClockBack, end) => {
  expect(answers.leased('arn:x', { until: 'T', isClockBack })).toMatchObject({
    outcome: {
      status: 'busy',
      why: `arn:x is publishing it, or has died doing so: then it is finished after T${end}`,
    },
  })
})

const failed = (more: Partial<Attempt> = {}) =>
  ({ token: 't', startedAt: 'S', error: 'EmptyPrefix: no files\nat all', ...more }) as Attempt
const SAME = 'raw files, feature code and settings are the same as'

test('a stuck day says since when, and what it fails of', () => {
  expect(answers.stuck(failed())).toEqual(
    done('stuck', `not tried again: ${SAME} S`, { error: 'EmptyPrefix', cause: 'no files\nat all' }),
  )
  expect(answers.stuck(failed({ error: 'Lambda.Unknown: x: y' }))).toMatchObject({
    outcome: { error: 'Lambda.Unknown', cause: 'x: y' },
  })
  expect(answers.stuck(failed({ error: 'no name' }))).toHaveProperty('outcome', {
    ...DAY,
    status: 'stuck',
    why: `not tried again: ${SAME} S`,
    cause: 'no name',
  })
  expect(answers.stuck({ token: 't', startedAt: 'S' } as Attempt)).toMatchObject({ outcome: { cause: '' } })
})

test('an accepted day says who accepted it and when', () => {
  expect(answers.accepted(failed({ accepted: { execution: 'arn:a', at: 'A' } }))).toEqual(
    done('accepted', `accepted by arn:a at A: ${SAME} then`, {
      error: 'EmptyPrefix',
      cause: 'no files\nat all',
    }),
  )
})

test('a day that needs nothing says why', () => {
  expect(answers.notFailed()).toEqual(done('not-failed', 'its last attempt has not failed'))
  expect(answers.superseded('cause')).toEqual(
    done('superseded', 'left for the release that the table belongs to', { cause: 'cause' }),
  )
  expect(answers.empty('no raw files', {})).toEqual(done('empty', 'no raw files'))
  expect(answers.empty('no raw files', UNREAD)).toEqual(done('empty', 'no raw files', { unread: UNREAD }))
  expect(answers.tended([])).toEqual(done('tended', 'not due yet'))
  expect(answers.tended(['a', 'b'])).toEqual(done('tended', 'a; b'))
})

test('a dry run says what would be done, and how much would be read', () => {
  const inputs = [3, 4].map((size) => ({ key: `${size}`, etag: 'e', size }))
  expect(answers.planned('why')).toEqual(done('planned', 'why'))
  expect(answers.planned('why', { kind: 'rebuild', inputs, vanished: 2, unread: UNREAD })).toEqual(
    done('planned', 'why', {
      kind: 'rebuild',
      toRead: { files: 2, bytes: 7 },
      vanished: 2,
      unread: UNREAD,
    }),
  )
  expect(answers.planned('why', { kind: 'consolidate' })).toEqual(
    done('planned', 'why', { kind: 'consolidate', toRead: { files: 0, bytes: 0 } }),
  )
})

test('a day that has not changed says what it holds, and what was done for it', () => {
  const totals = totalsOf([], [])
  expect(answers.unchanged({}, 'why')).toEqual(done('unchanged', 'why'))
  expect(
    answers.unchanged({ generation: 0, totals, steps: ['a', 'b'] }, 'why', { vanished: 1, unread: UNREAD }),
  ).toEqual(done('unchanged', 'why; a; b', { generation: 0, totals, vanished: 1, unread: UNREAD }))
  const newDataAt = '2024-01-02T00:00:00Z'
  expect(answers.unchanged({ generation: 2, newDataAt }, 'why')).toEqual(
    done('unchanged', 'why', { generation: 2, newDataAt }),
  )
  const finished = { generation: 3, totals, newDataAt } as Published
  expect(answers.unchanged({ generation: 2, finished }, 'why')).toEqual(
    done('published', 'the unfinished publish of an earlier attempt was finished', {
      generation: 3,
      totals,
      newDataAt,
    }),
  )
  expect(answers.unchanged({ generation: 2, steps: ['a', 'damaged: x'] }, 'why')).toEqual(
    done('published', 'a; damaged: x', { generation: 2 }),
  )
})
