import * as sfn from '@aws-sdk/client-sfn'
import { expect, test } from 'vitest'
import { AwsError } from '../../protocol/service.ts'
import { LambdaFunctionError } from '../../lambda/runtime.ts'
import {
  LAMBDA_INVOKE,
  lambdaResource,
  PROCESSING_JOB,
  processingJobResource,
  type LambdaInvoker,
  type ProcessingJobs,
} from '../../states/index.ts'
import { ended, execute, MACHINE_ARN, run, stepFunctions } from '../support/states.ts'

const invoke = (fields: object = {}) => ({
  StartAt: 'A',
  States: {
    A: {
      Type: 'Task',
      Resource: LAMBDA_INVOKE,
      Arguments: { FunctionName: 'plan', Payload: { day: '{% $states.input.day %}' } },
      End: true,
      ...fields,
    },
  },
})

const withLambda = (runtime: LambdaInvoker) => ({ resources: { [LAMBDA_INVOKE]: lambdaResource(runtime) } })

test('a Lambda’s answer stands under Payload', async () => {
  const calls: unknown[] = []
  const runtime: LambdaInvoker = {
    invoke: (name, payload) => {
      calls.push([name, payload])
      return Promise.resolve({ payload: { action: 'done' } })
    },
  }
  const { result } = await run({ definition: invoke(), ...withLambda(runtime) }, { day: '2024-01-01' })
  expect(calls).toEqual([['plan', { day: '2024-01-01' }]])
  expect(result).toEqual({ ExecutedVersion: '$LATEST', Payload: { action: 'done' }, StatusCode: 200 })
})

test.each(['plan:7', 'arn:aws:lambda:us-east-1:000000000000:function:plan:7'])(
  'the number of the version in %s is told',
  async (FunctionName) => {
    const definition = invoke({ Arguments: { FunctionName } })
    const answering = withLambda({ invoke: () => Promise.resolve({ payload: 1 }) })
    expect((await run({ definition, ...answering })).result).toMatchObject({ ExecutedVersion: '7' })
  },
)

test('the name that a Lambda throws is the error of the state', async () => {
  const error = new LambdaFunctionError('InvalidInput', 'no such day', [
    'InvalidInput: no such day',
    '  at x',
  ])
  const execution = await run(
    { definition: invoke(), ...withLambda({ invoke: () => Promise.reject(error) }) },
    { day: 'x' },
  )
  expect(execution.error).toBe('InvalidInput')
  expect(JSON.parse(execution.cause!)).toEqual({
    errorType: 'InvalidInput',
    errorMessage: 'no such day',
    trace: ['InvalidInput: no such day', '  at x'],
  })
})

test('arguments that the invocation does not know are refused', async () => {
  const definition = invoke({ Arguments: { FunctionName: 'plan', Qualifier: 'live' } })
  const execution = await run({
    definition,
    ...withLambda({ invoke: () => Promise.resolve({ payload: 1 }) }),
  })
  expect(execution).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('Qualifier') as string })
})

const job = {
  StartAt: 'A',
  States: {
    A: {
      Type: 'Task',
      Resource: PROCESSING_JOB,
      Arguments: { ProcessingJobName: 'job-1', RoleArn: 'r' },
      End: true,
    },
  },
}

/** Returns jobs that pass through the given statuses, one per look. */
function jobs(statuses: string[], more: object = {}) {
  const calls: string[] = []
  const port: ProcessingJobs = {
    create: (request) => {
      calls.push(`create ${String(request.ProcessingJobName)}`)
      return Promise.resolve()
    },
    describe: (name) => {
      const ProcessingJobStatus = statuses.length > 1 ? statuses.shift() : statuses[0]
      return Promise.resolve({
        ProcessingJobName: name,
        ProcessingJobStatus,
        CreationTime: new Date(5000),
        ...more,
      })
    },
    stop: (name) => {
      calls.push(`stop ${name}`)
      statuses.splice(0, statuses.length, 'Stopping', 'Stopped')
      return Promise.resolve()
    },
  }
  return { port, calls, resources: { [PROCESSING_JOB]: processingJobResource(port) } }
}

test('a job that completes gives its description, times in milliseconds', async () => {
  const { resources, calls } = jobs(['InProgress', 'InProgress', 'Completed'])
  const { result } = await run({ definition: job, resources })
  expect(result).toEqual({ ProcessingJobName: 'job-1', ProcessingJobStatus: 'Completed', CreationTime: 5000 })
  expect(calls).toEqual(['create job-1'])
})

test.each(['Failed', 'Stopped'])(
  'a job that ends as %s is States.TaskFailed with its description as cause',
  async (status) => {
    const { resources } = jobs(['InProgress', status], { FailureReason: 'AlgorithmError: exit code: 1' })
    const execution = await run({ definition: job, resources })
    expect(execution.error).toBe('States.TaskFailed')
    expect(JSON.parse(execution.cause!)).toMatchObject({
      ProcessingJobStatus: status,
      FailureReason: 'AlgorithmError: exit code: 1',
    })
  },
)

test.each([
  ['ResourceLimitExceeded', 'SageMaker.ResourceLimitExceededException'],
  ['ResourceInUse', 'SageMaker.ResourceInUseException'],
  ['ThrottlingException', 'SageMaker.AmazonSageMakerException'],
  ['ValidationException', 'SageMaker.AmazonSageMakerException'],
])('%s at create is %s', async (code, error) => {
  const port: ProcessingJobs = {
    ...jobs([]).port,
    create: () => Promise.reject(new AwsError(code, 'Rate exceeded')),
  }
  const execution = await run({
    definition: job,
    resources: { [PROCESSING_JOB]: processingJobResource(port) },
  })
  expect(execution.error).toBe(error)
  expect(execution.cause).toBe(
    `Rate exceeded (Service: AmazonSageMaker; Status Code: 400; Error Code: ${code})`,
  )
})

test('a state over its time stops its job before it fails', async () => {
  const { resources, calls } = jobs(['InProgress'])
  const States = { A: { ...job.States.A, TimeoutSeconds: 1 } }
  expect(await run({ definition: { ...job, States }, resources })).toMatchObject({ error: 'States.Timeout' })
  expect(calls).toEqual(['create job-1', 'stop job-1'])
})

test('an execution that is stopped has stopped its job when it is over', async () => {
  const statuses = ['InProgress']
  const { resources, calls, port } = jobs(statuses)
  const looked = new Promise<void>((resolve) => {
    const describe = (name: string) => {
      resolve()
      return Promise.resolve({ ProcessingJobName: name, ProcessingJobStatus: statuses.at(-1) })
    }
    Object.assign(port, { describe })
  })
  const { client } = await stepFunctions({ definition: job, resources })
  const { executionArn } = await client.send(new sfn.StartExecutionCommand({ stateMachineArn: MACHINE_ARN }))
  await looked
  await client.send(new sfn.StopExecutionCommand({ executionArn }))
  expect(calls).toEqual(['create job-1', 'stop job-1'])
  expect(await ended(client, executionArn!)).toMatchObject({ status: 'ABORTED' })
})

test('a test may put its own answer in the place of any resource', async () => {
  const real = lambdaResource({ invoke: () => Promise.resolve({ payload: 'real' }) })
  let isFaulty = true
  const { client } = await stepFunctions({
    definition: invoke({ Output: '{% $states.result.Payload %}' }),
    resources: {
      [LAMBDA_INVOKE]: (call) => (isFaulty ? Promise.resolve({ Payload: 'injected' }) : real(call)),
    },
  })
  expect((await execute(client, { day: 'x' })).output).toBe('"injected"')
  isFaulty = false
  expect((await execute(client, { day: 'x' })).output).toBe('"real"')
})
