import { expect, test } from 'vitest'
import type { Attempt } from '../../../core/attempt.ts'
import { busyWith, type AttemptGate } from '../../../lambda/planning/attempt-gate.ts'

const CHILDLESS = { token: 'token', execution: 'arn:theirs' } as Attempt
const THEIRS: Attempt = { ...CHILDLESS, child: 'arn:theirs/child' }

/** Returns the execution that works on a day, as one that asks while those of `running` run is told. */
const busy = (attempt: Attempt | undefined, running: readonly string[], published?: string) => {
  const isRunning = (arn: string) => Promise.resolve(running.includes(arn))
  const gate: AttemptGate = { data: {} as never, isRunning, execution: 'arn:own' }
  return busyWith(gate, attempt, published)
}
const RUNNING = ['arn:own', 'arn:theirs', 'arn:theirs/child']

test.each<[string, Attempt | undefined, readonly string[], string | undefined]>([
  ['no attempt', undefined, RUNNING, undefined],
  ['one that is running', THEIRS, RUNNING, 'arn:theirs'],
  ['one that has failed, by an execution that still runs', { ...THEIRS, error: 'E: c' }, RUNNING, undefined],
  ['one of the execution that asks', { ...THEIRS, execution: 'arn:own' }, RUNNING, undefined],
  ['one whose child has ended, by an execution that still runs', THEIRS, ['arn:theirs'], undefined],
  ['one that names no child, by an execution that still runs', CHILDLESS, ['arn:theirs'], 'arn:theirs'],
])('a day with %s is busy or not', async (_, attempt, running, expected) => {
  expect(await busy(attempt, running)).toBe(expected)
})

test('a day whose attempt is published is not busy, whoever still runs', async () => {
  expect(await busy(THEIRS, RUNNING, 'token')).toBeUndefined()
  expect(await busy(THEIRS, RUNNING, 'older')).toBe('arn:theirs')
})
