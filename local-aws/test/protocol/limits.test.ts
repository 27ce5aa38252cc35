import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { lambdaRuntime } from '../../lambda/runtime.ts'
import { createLimits, type LimitsOptions } from '../../protocol/limits.ts'
import { lambdaResource, LAMBDA_INVOKE } from '../../states/index.ts'
import { startS3 } from '../support/start-s3.ts'
import { run } from '../support/states.ts'

const M5 = 'ml.m5.2xlarge'

/** Creates limits on a clock that the test sets. */
function limitsOf(options: LimitsOptions) {
  const clock = { ms: 0 }
  return { clock, limits: createLimits({ ...options, now: () => clock.ms }) }
}

test('S3 serves a rate of each prefix, and answers 503 SlowDown beyond', async () => {
  const prefixOf = (key: string) => key.split('/')[0]!
  const { clock, limits } = limitsOf({ s3: { perSecond: 2, prefixOf, operation: /^GetObject$/ } })
  const { client } = await startS3(undefined, { faults: limits.withS3(undefined) })
  for (const Key of ['a/1', 'b/1'])
    await client.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'x' }))
  const get = (Key: string) =>
    client.send(new GetObjectCommand({ Bucket: 'data', Key })).then(
      () => 'served',
      (error: Error & { $metadata: { httpStatusCode: number } }) =>
        `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`,
    )
  const slow = '503 SlowDown: Please reduce your request rate.'
  expect([await get('a/1'), await get('a/1'), await get('a/1')]).toEqual(['served', 'served', slow])
  expect(await get('b/1')).toBe('served')
  clock.ms += 500
  expect([await get('a/1'), await get('a/1')]).toEqual(['served', slow])
  expect(limits.counts.s3).toEqual({ passed: 4, refused: 2 })
})

test('S3 serves what has no prefix of a rate as often as it is asked for, and does not count it', async () => {
  const prefixOf = (key: string) => (key.startsWith('a/') ? 'a' : undefined)
  const { limits } = limitsOf({ s3: { perSecond: 1, prefixOf } })
  const { client } = await startS3(undefined, { faults: limits.withS3(undefined) })
  await client.send(new PutObjectCommand({ Bucket: 'data', Key: 'b/1', Body: 'x' }))
  for (let read = 0; read < 3; read++) await client.send(new GetObjectCommand({ Bucket: 'data', Key: 'b/1' }))
  expect(limits.counts.s3).toEqual({ passed: 0, refused: 0 })
})

test('a quota of instances is by type, and what a job gives back is there again', () => {
  const { limits } = limitsOf({ instances: { [M5]: 2 } })
  const take = (name: string, type = M5) => limits.takeInstances({ name, type, count: 1 })
  const giveBack = take('a')
  take('b')
  take('c', 'ml.t3.medium')
  const refused: unknown = expect.objectContaining({
    code: 'ResourceLimitExceeded',
    message: expect.stringContaining(
      `'${M5} for processing job usage' is 2 Instances, with current utilization of 2 Instances and a request delta of 1`,
    ) as string,
  })
  expect(() => take('d')).toThrow(refused)
  giveBack()
  giveBack()
  take('d')
  expect(() => take('e')).toThrow(refused)
  expect(limits.counts.instances).toEqual({ passed: 4, refused: 2 })
  expect(limits.creates.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'a passed',
    'b passed',
    'c passed',
    'd over the quota',
    'd passed',
    'e over the quota',
  ])
})

test('creates beyond the rate are throttled before anything else', () => {
  const { clock, limits } = limitsOf({ createsPerSecond: 1 })
  const take = () => limits.takeInstances({ name: 'a', type: M5, count: 1 })
  take()
  expect(take).toThrow(expect.objectContaining({ code: 'ThrottlingException', message: 'Rate exceeded' }))
  clock.ms += 1000
  take()
  expect(limits.counts.creates).toEqual({ passed: 2, refused: 1 })
})

test('an invocation too many is Lambda.TooManyRequestsException in Step Functions', async () => {
  const { limits } = limitsOf({ concurrency: 1 })
  const runtime = lambdaRuntime({ functions: [PLAN], childEnvironment: () => ({}), limits })
  onTestFinished(() => runtime.close())
  const giveBack = limits.takeInvocation()
  const definition = {
    StartAt: 'Plan',
    States: {
      Plan: { Type: 'Task', Resource: LAMBDA_INVOKE, Arguments: { FunctionName: 'plan' }, End: true },
    },
  }
  const resources = { [LAMBDA_INVOKE]: lambdaResource(runtime) }
  const { error, cause } = await run({ definition, resources })
  expect(error).toBe('Lambda.TooManyRequestsException')
  expect(cause).toBe(
    'Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException)',
  )
  giveBack()
  expect((await run({ definition, resources })).error).not.toBe('Lambda.TooManyRequestsException')
})

const PLAN = {
  name: 'plan',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:plan',
  directory: '/nowhere',
  handler: 'index.handler',
  environment: {},
  timeoutSeconds: 5,
}
