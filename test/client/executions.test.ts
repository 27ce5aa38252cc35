import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { causeInWords, checkRequest, startExecution, stopExecution } from '../../client/executions.ts'
import type { Target } from '../../client/target.ts'

const sfnMock = mockClient(SFNClient)
const NOW = new Date('2024-01-31T09:10:00.123Z')
const TARGET = {
  stateMachineArn: 'arn:machine',
  datasets: [
    { name: 'jobs', timeZone: 'UTC', lookbackDays: 2 },
    { name: 'clicks', timeZone: 'UTC', lookbackDays: 0 },
  ],
  clients: { sfn: new SFNClient({ region: 'eu-west-1' }) },
} as unknown as Target

beforeEach(() => {
  sfnMock.reset()
  sfnMock.on(StartExecutionCommand).resolves({ executionArn: 'arn:execution' })
  sfnMock.on(StopExecutionCommand).resolves({})
})

afterAll(() => {
  sfnMock.restore()
})

test.each([
  [{}, 4],
  [{ datasets: ['jobs'] }, 3],
  [{ from: '2024-01-01', to: '2024-01-31' }, 62],
])('the request %j covers %i dataset-days', (request, count) => {
  expect(checkRequest(TARGET, request, NOW)).toBe(count)
})

test('an execution is started with the request as it is, and a name of its time', async () => {
  const request = { from: '2024-01-01', to: '2024-01-02', datasets: ['jobs'] }
  const { arn, name } = await startExecution(TARGET, request, NOW)
  expect(arn).toBe('arn:execution')
  expect(name).toMatch(/^run-20240131T091000-[0-9a-f]{6}$/)
  const [call] = sfnMock.commandCalls(StartExecutionCommand)
  expect(call!.args[0].input).toEqual({
    stateMachineArn: 'arn:machine',
    name,
    input: JSON.stringify(request),
  })
})

test.each([
  [{ from: '2024-01-02', to: '2024-01-01' }, 'InvalidInput'],
  [{ datasets: ['other'] }, 'UnknownDataset'],
  [{ from: '2020-01-01', to: '2024-01-01' }, 'TooManyDays'],
])('the request %j is refused as %s before anything starts', async (request, code) => {
  await expect(startExecution(TARGET, request, NOW)).rejects.toMatchObject({ code })
  expect(sfnMock.calls()).toEqual([])
})

test('an execution is stopped with a cause', async () => {
  await stopExecution(TARGET, { arn: 'arn:execution', name: 'run-1' }, 'by hand')
  const [call] = sfnMock.commandCalls(StopExecutionCommand)
  expect(call!.args[0].input).toEqual({ executionArn: 'arn:execution', error: 'Stopped', cause: 'by hand' })
})

test.each([
  ['{"errorType":"X","errorMessage":"the message"}', 'the message'],
  ['{"errorMessage":1}', '{"errorMessage":1}'],
  ['null', 'null'],
  ['one day failed', 'one day failed'],
])('the cause %s is told as %s', (cause, told) => {
  expect(causeInWords(cause)).toBe(told)
})
