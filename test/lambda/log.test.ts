import { expect, test } from 'vitest'
import { givenUpTo, log, logSwept, metricsOf } from '../../lambda/log.ts'
import { namingFailedDays } from '../../lambda/name-failed-days.ts'
import { capturedLog } from '../support/lambda/captured-log.ts'

const DAY = { dataset: 'jobs', date: '2024-01-02' }
const captured = capturedLog()

test('a line of the log is JSON with its message and its facts', () => {
  log('planned', DAY)
  log('bare')
  expect(captured.lines).toEqual([{ message: 'planned', ...DAY }, { message: 'bare' }])
})

test('what became of an open intent is told, unless there was none', () => {
  const error = { message: 'x' } as never
  logSwept({ ...DAY, end: 'none' })
  logSwept({ ...DAY, end: 'failed', error })
  expect(captured.lines).toEqual([{ message: 'open intent', ...DAY, end: 'failed', error: { message: 'x' } }])
})

test('metrics are of the deployment that the environment names', () => {
  metricsOf({ DEPLOYMENT: 'prod' })({ DaysFailed: 1 }, 'jobs')
  expect(captured.lines).toMatchObject([{ Deployment: 'prod', Dataset: 'jobs', DaysFailed: 1 }])
})

test('a publish that is given up is told and counted', () => {
  const counted: unknown[] = []
  givenUpTo((...args: unknown[]) => void counted.push(args))(DAY)
  expect(captured.lines).toEqual([{ message: 'publish given up', ...DAY }])
  expect(counted).toEqual([[{ IntentsGivenUp: 1 }, 'jobs']])
})

test('what ends an execution in place of its failed days names them', async () => {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what is no Error is passed on as well
  const fail = (reason: unknown) => () => Promise.reject(reason)
  expect(await namingFailedDays('days', () => Promise.resolve(7))).toBe(7)
  await expect(namingFailedDays('2 days failed.', fail(new Error('broken')))).rejects.toThrow(
    /^broken 2 days failed\.$/,
  )
  await expect(namingFailedDays('', fail(new Error('broken')))).rejects.toThrow(/^broken$/)
  await expect(namingFailedDays(undefined, fail(new Error('broken')))).rejects.toThrow(/^broken$/)
  await expect(namingFailedDays('days', fail('text'))).rejects.toBe('text')
})
