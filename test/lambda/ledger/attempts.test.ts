import { expect, test } from 'vitest'
import type { Attempt } from '../../../core/attempt.ts'
import { attemptKey } from '../../../core/layout.ts'
import { readAttempt } from '../../../aws/day-state.ts'
import { deleteObjects } from '../../../aws/write-objects.ts'
import { claimDay, isUnfinished } from '../../../lambda/ledger/attempts.ts'
import { DAY, startWorld } from '../../support/lambda/world.ts'

const NOON = '2024-01-02T12:00:00.000Z'
const LATER = '2024-01-02T12:00:01.000Z'
const attemptOf = (token: string, startedAt = NOON): Attempt => ({
  ...{ token, kind: 'extend', execution: 'arn', startedAt, why: 'new day' },
})

test('an attempt replaces the one that was read, and no other', async () => {
  const { data } = (await startWorld()).process('test', 'arn').ledger
  const claim = (token: string, over: Parameters<typeof claimDay>[3]) =>
    claimDay(data, DAY, attemptOf(token), over)
  const stored = () => readAttempt(data, DAY)
  expect(await claim('first', undefined)).toBe(true)
  const first = await stored()
  expect(await claim('beside', undefined)).toBe(false)
  expect(await claim('second', first)).toBe(true)
  expect(await claim('late', first)).toBe(false)
  const second = await stored()
  expect(second?.attempt.token).toBe('second')
  await deleteObjects(data, [attemptKey(DAY.dataset, DAY.date)])
  expect(await claim('late', second)).toBe(false)
  expect(await stored()).toBeUndefined()
})

test('an attempt whose answer got lost has replaced the one that was read', async () => {
  const world = await startWorld()
  const { data } = world.process('test', 'arn').ledger
  world.faults.add({ accessKeyId: 'test', operation: 'PutObject', nth: 1, fault: { kind: 'lose-answer' } })
  expect(await claimDay(data, DAY, attemptOf('first'), undefined)).toBe(true)
  expect(world.faults.happened).toHaveLength(1)
})

test.each<[string, Parameters<typeof isUnfinished>[1], boolean]>([
  ['of a day without a publish', undefined, true],
  ['that began after the publish', { attempt: 'other', publishedAt: NOON }, true],
  ['that began before the publish', { attempt: 'other', publishedAt: '2024-01-02T12:00:02.000Z' }, false],
  ['that was published', { attempt: 'token', publishedAt: '2024-01-02T12:00:02.000Z' }, false],
  ['that was published by a clock that is behind', { attempt: 'token', publishedAt: NOON }, false],
])('an attempt %s is unfinished or not', (_, published, expected) => {
  expect(isUnfinished(attemptOf('token', LATER), published)).toBe(expected)
})
