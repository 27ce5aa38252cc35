import {
  DescribeProcessingJobCommand,
  ListProcessingJobsCommand,
  SageMakerClient,
  StopProcessingJobCommand,
  type DescribeProcessingJobResponse,
} from '@aws-sdk/client-sagemaker'
import { DescribeExecutionCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { jobsOf, lastInstance } from '../../client/execution-jobs.ts'
import { knownExecution } from '../../client/known-execution.ts'
import { stopWithJobs } from '../../client/stop.ts'
import type { Target } from '../../client/target.ts'

const sagemakerMock = mockClient(SageMakerClient)
const sfnMock = mockClient(SFNClient)
const sagemaker = new SageMakerClient({ region: 'eu-west-1' })
const ARN = 'arn:aws:states:eu-west-1:111122223333:execution:dayfold:run-1'
const TARGET = {
  name: 'dayfold',
  stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:dayfold',
  clients: { sagemaker, sfn: new SFNClient({ region: 'eu-west-1' }) },
} as unknown as Target
const SINCE = new Date('2026-01-01T10:00:00Z')
const NOW = new Date('2026-01-01T12:00:00Z')
const RUN = { arn: ARN, name: 'run-1' }

afterAll(() => {
  sagemakerMock.restore()
  sfnMock.restore()
})

const JOBS: readonly (Partial<DescribeProcessingJobResponse> & { readonly run: string })[] = [
  {
    ProcessingJobName: 'dayfold--jobs-20260101-a',
    run: 'run-1',
    ProcessingJobStatus: 'Completed',
    ProcessingEndTime: new Date('2026-01-01T11:10:00Z'),
  },
  { ProcessingJobName: 'dayfold--jobs-20260102-a', run: 'run-1', ProcessingJobStatus: 'InProgress' },
  { ProcessingJobName: 'dayfold--jobs-20260103-a', run: 'run-10', ProcessingJobStatus: 'InProgress' },
  { ProcessingJobName: 'the-dayfold--jobs-20260103-a', run: 'run-1', ProcessingJobStatus: 'InProgress' },
]

beforeEach(() => {
  sagemakerMock.reset()
  sfnMock.reset()
  const summaries = JOBS.map(({ ProcessingJobName }) => ({ ProcessingJobName, ProcessingJobArn: 'arn' }))
  sagemakerMock
    .on(ListProcessingJobsCommand)
    .resolves({ ProcessingJobSummaries: summaries.slice(0, 2) as never, NextToken: 'more' })
    .on(ListProcessingJobsCommand, { NextToken: 'more' })
    .resolves({ ProcessingJobSummaries: summaries.slice(2) as never })
    .on(StopProcessingJobCommand)
    .resolves({})
  for (const { run, ...job } of JOBS) {
    sagemakerMock.on(DescribeProcessingJobCommand, { ProcessingJobName: job.ProcessingJobName }).resolves({
      ...job,
      ProcessingStartTime: new Date('2026-01-01T11:00:00Z'),
      AppSpecification: {
        ImageUri: 'i',
        ContainerArguments: ['--work-order', `runs/${run}/orders/jobs/x.json.gz`],
      },
      ProcessingResources: {
        ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 },
      },
    } as never)
  }
  sfnMock.on(StopExecutionCommand).resolves({})
})

test('the jobs of an execution are those whose order lies in its folder, billed from their instance to their end', async () => {
  expect(await jobsOf(sagemaker, RUN, { deployment: 'dayfold', since: SINCE, now: NOW })).toEqual([
    { name: 'dayfold--jobs-20260101-a', instanceType: 'ml.m5.large', seconds: 600, isRunning: false },
    { name: 'dayfold--jobs-20260102-a', instanceType: 'ml.m5.large', seconds: 3600, isRunning: true },
  ])
})

test('stopping an execution stops its running jobs, and no job of another', async () => {
  sagemakerMock
    .on(StopProcessingJobCommand)
    .rejects(Object.assign(new Error('ended'), { name: 'ValidationException' }))
  expect(await stopWithJobs(TARGET, RUN, { cause: 'by hand', since: SINCE, now: NOW })).toBe(1)
  const stopped = sagemakerMock.commandCalls(StopProcessingJobCommand).map(({ args }) => args[0].input)
  expect(stopped).toEqual([{ ProcessingJobName: 'dayfold--jobs-20260102-a' }])
  expect(sfnMock.commandCalls(StopExecutionCommand)[0]?.args[0].input.executionArn).toBe(ARN)
})

test.each([
  ['ValidationException', true],
  ['ResourceNotFound', true],
  ['AccessDeniedException', false],
])('a job that cannot be stopped with a %s counts as ended: %s', async (name, isEnded) => {
  const error = Object.assign(new Error('no'), { name })
  sagemakerMock.on(StopProcessingJobCommand).rejects(error)
  const stopped = stopWithJobs(TARGET, RUN, { cause: 'by hand', since: SINCE, now: NOW })
  expect(await stopped.catch((thrown: unknown) => thrown)).toBe(isEnded ? 1 : error)
})

test('the instance of a dataset is that of its last job, not of a dataset whose name goes on', async () => {
  expect(await lastInstance(sagemaker, 'dayfold', 'jobs')).toBe('ml.m5.large')
  expect(await lastInstance(sagemaker, 'dayfold', 'job')).toBeUndefined()
  expect(await lastInstance(sagemaker, 'day', 'jobs')).toBeUndefined()
})

test('an execution is known by its name and by its ARN, with what was asked of it', async () => {
  const input = JSON.stringify({ from: '2026-01-01', to: '2026-01-02', mode: 'rebuild', scheduledAt: 'x' })
  const unknown = Object.assign(new Error('none'), { name: 'ExecutionDoesNotExist' })
  sfnMock.on(DescribeExecutionCommand).rejects(unknown)
  sfnMock.on(DescribeExecutionCommand, { executionArn: ARN }).resolves({ executionArn: ARN, input })
  const known = { execution: RUN, request: { from: '2026-01-01', to: '2026-01-02', mode: 'rebuild' } }
  expect(await knownExecution(TARGET, 'run-1')).toEqual(known)
  expect(await knownExecution(TARGET, ARN)).toEqual(known)
  await expect(knownExecution(TARGET, 'run-2')).rejects.toThrow(/^--follow run-2: expected the name or ARN/)
})
