import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { ListProcessingJobsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker'
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { followRun } from '../../bin/run-execution.ts'
import type { Session } from '../../bin/session.ts'

const s3 = mockClient(S3Client)
const sagemaker = mockClient(SageMakerClient)
const sfn = mockClient(SFNClient)
const MOCKS = [s3, sagemaker, sfn]

afterAll(() => MOCKS.forEach((mock) => mock.restore()))

/** An account in which an execution goes on until it is stopped. */
beforeEach(() => {
  for (const mock of MOCKS) mock.reset()
  s3.on(ListObjectsV2Command).resolves({})
  s3.on(GetObjectCommand).rejects(Object.assign(new Error('none'), { $metadata: { httpStatusCode: 404 } }))
  sagemaker.on(ListProcessingJobsCommand).resolves({ ProcessingJobSummaries: [] })
  sfn.on(DescribeExecutionCommand).resolves({ status: 'RUNNING', startDate: new Date(0) })
  sfn.on(GetExecutionHistoryCommand).resolves({ events: [] })
  sfn.on(StopExecutionCommand).resolves({})
})

function session(home?: string): Session {
  const region = 'eu-west-1'
  const clients = {
    s3: new S3Client({ region }),
    sfn: new SFNClient({ region }),
    sagemaker: new SageMakerClient({ region }),
  }
  return { target: { name: 'd', dataBucket: 'data', clients }, pollSeconds: 0, home } as unknown as Session
}

const KNOWN = { execution: { arn: 'arn:run', name: 'run' }, request: {} }
const INTERRUPTED = {
  view: { note: () => undefined, update: () => undefined, close: () => undefined },
  signal: AbortSignal.abort(),
}
const stopped = () => sfn.commandCalls(StopExecutionCommand).map(({ args }) => args[0].input.executionArn)

test.each([
  ['yes', true, 'ABORTED', ['arn:run']],
  ['no', false, 'RUNNING', []],
  ['nobody there', undefined, 'RUNNING', []],
])('interrupted in an account, the answer is %s', async (_, answer, status, expected) => {
  const result = await followRun(session(), KNOWN, { ...INTERRUPTED, ask: () => Promise.resolve(answer) })
  expect(result.status).toBe(status)
  expect(stopped()).toEqual(expected)
})

test('interrupted on this machine, nobody is asked: it is stopped', async () => {
  const ask = () => Promise.reject(new Error('asked'))
  const result = await followRun(session('.dayfold'), KNOWN, { ...INTERRUPTED, ask })
  expect([result.status, stopped()]).toEqual(['ABORTED', ['arn:run']])
})

test.each([
  [20, ['At most 8 dataset-days at once, not the 20 of --max-concurrency: the deployment']],
  [8, []],
  [undefined, []],
])('asked for %s days at once where the Map gets 8, it says so once', async (maxConcurrency, expected) => {
  sfn.on(DescribeExecutionCommand).resolves({ status: 'SUCCEEDED', startDate: new Date(0) })
  sfn
    .on(DescribeExecutionCommand)
    .resolvesOnce({ status: 'RUNNING' })
    .resolvesOnce({ status: 'RUNNING' })
    .resolves({ status: 'SUCCEEDED' })
  const mapRunStartedEventDetails = { mapRunArn: 'arn:map' }
  const event = { timestamp: new Date(0), type: 'MapRunStarted' as const, id: 1, mapRunStartedEventDetails }
  sfn.on(GetExecutionHistoryCommand).resolves({ events: [event] })
  sfn.on(DescribeMapRunCommand).resolves({ maxConcurrency: 8 })
  const notes: string[] = []
  const view = { ...INTERRUPTED.view, note: (line: string) => notes.push(line) }
  const known = { ...KNOWN, request: maxConcurrency === undefined ? {} : { maxConcurrency } }
  await followRun(session('.dayfold'), known, { view, signal: new AbortController().signal })
  expect(notes.map((note) => note.split("'", 1)[0])).toEqual(expected)
})
