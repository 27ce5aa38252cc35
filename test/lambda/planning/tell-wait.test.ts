import { expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { readDocument } from '../../../aws/objects.ts'
import { progressKey } from '../../../core/layout.ts'
import type { DayOutcome, PlanDayInput, PlanDayOutput } from '../../../core/messages.ts'
import { decodeProgress } from '../../../core/run-documents.ts'
import { tellInstanceWait, tellWait } from '../../../lambda/planning/tell-wait.ts'

const { client: s3 } = await startS3()
const data = { s3, name: 'data' }
const outcome: DayOutcome = { dataset: 'jobs', date: '2024-01-02', status: 'busy', why: 'arn:x works on it' }
const WAIT: PlanDayOutput = { action: 'wait', outcome }
const DONE: PlanDayOutput = { action: 'done', outcome }
const PROCESS = { action: 'process', workOrder: '', jobName: '', featureVersion: '' } as const

const input = (execution: string, waits: number) =>
  ({ execution: { arn: '', name: execution }, dataset: 'jobs', date: '2024-01-02', waits }) as PlanDayInput
const told = (execution: string) =>
  readDocument(data, progressKey(execution, 'jobs', '2024-01-02'), decodeProgress)

test('who follows an execution is told what a day waits for, and when it waits no longer', async () => {
  await tellWait(data, input('a', 0), WAIT)
  expect(await told('a')).toMatchObject({ phase: 'waiting', why: 'arn:x works on it' })
  await tellWait(data, input('a', 1), PROCESS)
  expect(await told('a')).toMatchObject({ phase: 'starting' })
  await tellWait(data, input('a', 2), DONE)
  expect(await told('a')).toMatchObject({ phase: 'done' })
})

test('a day that never waits costs no request', async () => {
  await tellWait(data, input('b', 0), DONE)
  await tellWait(data, input('b', 0), PROCESS)
  expect(await told('b')).toBeUndefined()
})

test('who follows an execution is told how long a job waits for an instance', async () => {
  const wait = { since: '2024-01-02T00:00:00Z', error: 'SageMaker.ResourceLimitExceededException' }
  expect(await tellInstanceWait(data, input('c', 0), wait, '2024-01-02T00:10:00Z')).toBe(600)
  expect(await told('c')).toMatchObject({
    phase: 'waiting',
    why: 'for an instance, as the quota is used up, since 2024-01-02T00:00:00Z',
  })
})
