/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument,
   @typescript-eslint/no-unsafe-call -- definitions have no types */
import { createRequire } from 'node:module'
import jsonata from 'jsonata'
import { beforeEach, describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../core/errors.ts'
import { HANDLER_NAMES } from '../../../core/environment.ts'
import { JOB_NAME_PATTERN, jobNameStem, MAX_JOB_NAME_LENGTH } from '../../../core/job-name.ts'
import { MAX_DATASET_NAME_LENGTH } from '../../../core/layout.ts'
import { HANDLER_TIMEOUT_SECONDS } from '../../../lib/timeouts.ts'
import { EVERYTHING, resolved, synthesizeStack } from '../../support/synthesized.ts'

type Validator = (definition: unknown) => { isValid: boolean; errors: unknown[] }
const validate = createRequire(import.meta.url)('asl-validator') as Validator

const synthesized = synthesizeStack()
const machine = synthesized.definition()
const outer: Record<string, any> = machine.States // eslint-disable-line @typescript-eslint/no-explicit-any
const { Days } = outer
const inner: Record<string, any> = Days.ItemProcessor.States // eslint-disable-line @typescript-eslint/no-explicit-any
const states = { ...outer, ...inner }

/** The value of an expression of the definition, variables and `$states` as given. */
const evaluate = (text: string, bindings: Record<string, unknown>): Promise<unknown> => {
  expect(text).toMatch(/^\{%.*%\}$/)
  return jsonata(text.slice(2, -2)).evaluate({}, bindings) as Promise<unknown>
}

/** The state that a Choice goes on to. */
async function chosen(name: string, bindings: Record<string, unknown>): Promise<string> {
  for (const { Condition, Next } of states[name].Choices) {
    const condition = await evaluate(Condition, bindings)
    expect(condition, Condition).toBeTypeOf('boolean')
    if (condition === true) return Next
  }
  return states[name].Default
}

describe('the definition', () => {
  it('is valid for asl-validator', () => {
    expect(validate(structuredClone(machine))).toMatchObject({ isValid: true, errors: [] })
  })

  it('is JSONata throughout', () => {
    expect(machine.QueryLanguage).toBe('JSONata')
    expect(JSON.stringify(machine)).not.toMatch(
      /"(InputPath|ResultPath|Parameters|ResultSelector|OutputPath)"/,
    )
  })

  it('reaches every state', () => {
    const reached = (graph: { StartAt: string; States: Record<string, object> }) => {
      const names = new Set([graph.StartAt])
      for (const name of names) {
        const next = JSON.stringify(graph.States[name]).matchAll(/"(?:Next|Default)":"(\w+)"/g)
        for (const [, target] of next) if (target! in graph.States) names.add(target!)
      }
      return [...names].sort()
    }
    expect(reached(machine)).toEqual(Object.keys(outer).sort())
    expect(reached(Days.ItemProcessor)).toEqual(Object.keys(inner).sort())
  })

  it('invokes every handler once', () => {
    const invoked = Object.values(states).flatMap((state) => state.Arguments?.FunctionName ?? [])
    expect(invoked.map((arn: string) => /Handlers(\w+)Function/.exec(arn)![1]).sort()).toEqual(
      ['Plan', 'PlanDay', 'PublishDay', 'Collect', 'Crawl', 'Verify'].sort(),
    )
    expect(invoked).toHaveLength(HANDLER_NAMES.length)
  })
})

describe('timeouts', () => {
  it.each([
    ['Plan', 'plan'],
    ['PlanDay', 'plan-day'],
    ['PublishDay', 'publish-day'],
    ['Collect', 'collect'],
    ['Crawl', 'crawl'],
    ['Verify', 'verify'],
  ] as const)('of %s: the function ends before its state', (state, handler) => {
    expect(states[state].TimeoutSeconds).toBeGreaterThan(HANDLER_TIMEOUT_SECONDS[handler])
  })

  it('of ProcessDay: the job ends before its state, and the state before the execution', () => {
    const { TimeoutSeconds, Arguments } = inner.ProcessDay
    expect(TimeoutSeconds).toBeGreaterThan(Arguments.StoppingCondition.MaxRuntimeInSeconds)
    expect(machine.TimeoutSeconds).toBeGreaterThan(TimeoutSeconds)
  })

  it('hold for the longest job that can be configured', () => {
    const longest = synthesizeStack({ maxRuntimeSeconds: 777_600 }).definition()
    const { TimeoutSeconds, Arguments } = longest.States.Days.ItemProcessor.States.ProcessDay
    expect(TimeoutSeconds).toBeGreaterThan(Arguments.StoppingCondition.MaxRuntimeInSeconds)
    expect(longest.TimeoutSeconds).toBeGreaterThan(TimeoutSeconds)
  })
})

describe('the Map', () => {
  it('is distributed, and one failed day stops no other', () => {
    expect(Days.ItemProcessor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' })
    expect(Days.ToleratedFailurePercentage).toBe(100)
  })

  it('writes its results to the folder of the run', async () => {
    const { Resource, Arguments } = Days.ResultWriter
    expect(resolved(Resource)).toMatch(/:states:::s3:putObject$/)
    expect(await evaluate(Arguments.Prefix, { plan: { execution: { name: 'run-1' } } })).toBe(
      'runs/run-1/map',
    )
  })

  it('reads the items that Plan wrote, as many at once as Plan says', async () => {
    const plan = { items: { key: 'runs/run-1/items.json' }, maxConcurrency: 7 }
    expect(Days.ItemReader.ReaderConfig).toEqual({ InputType: 'JSON' })
    expect(await evaluate(Days.ItemReader.Arguments.Key, { plan })).toBe('runs/run-1/items.json')
    expect(await evaluate(Days.MaxConcurrency, { plan })).toBe(7)
  })
})

describe('the request for a job', () => {
  const request = inner.ProcessDay.Arguments

  it('stands in the definition as a literal object', () => {
    expect(request).toMatchObject({
      AppSpecification: { ImageUri: expect.any(String) as string },
      ProcessingResources: {
        ClusterConfig: { InstanceCount: 1 },
      },
      StoppingCondition: { MaxRuntimeInSeconds: 14_400 },
    })
  })

  it('asks for the instance and the volume of the dataset, else those of the deployment', async () => {
    const { InstanceType, VolumeSizeInGB } = request.ProcessingResources.ClusterConfig
    const asked = async (planned: object) => [
      await evaluate(InstanceType, { planned }),
      await evaluate(VolumeSizeInGB, { planned }),
    ]
    expect(await asked({})).toEqual(['ml.m5.2xlarge', 10])
    expect(await asked({ instanceType: 'ml.c5.xlarge', volumeSizeGb: 200 })).toEqual(['ml.c5.xlarge', 200])
  })

  it('has the tags of the deployment, and its key', () => {
    const { Tags, ProcessingResources } =
      synthesizeStack(EVERYTHING).definition().States.Days.ItemProcessor.States.ProcessDay.Arguments
    expect(Tags).toContainEqual({ Key: 'cost-centre', Value: '4711' })
    expect(ProcessingResources.ClusterConfig.VolumeKmsKeyId).toBe(EVERYTHING.kmsKeyArn)
    expect(request.Tags).toHaveLength(1)
    expect(request.ProcessingResources.ClusterConfig).not.toHaveProperty('VolumeKmsKeyId')
  })

  it('has one subnet list when the jobs run in a VPC, and none otherwise', () => {
    expect(request.NetworkConfig).toBeUndefined()
    const inVpc = synthesizeStack({ subnetIds: ['subnet-0a'], securityGroupIds: ['sg-0b'] }).definition()
    expect(inVpc.States.Days.ItemProcessor.States.ProcessDay.Arguments.NetworkConfig).toEqual({
      VpcConfig: { Subnets: ['subnet-0a'], SecurityGroupIds: ['sg-0b'] },
    })
  })

  it('passes the work order and the feature version on', async () => {
    const [workOrderFlag, workOrder, versionFlag, version] = request.AppSpecification.ContainerArguments
    const planned = { workOrder: 'runs/r/orders/x.json.gz', featureVersion: '0123456789abcdef' }
    expect([workOrderFlag, versionFlag]).toEqual(['--work-order', '--feature-version'])
    expect(await evaluate(workOrder, { planned })).toBe(planned.workOrder)
    expect(await evaluate(version, { planned })).toBe(planned.featureVersion)
  })
})

describe('names of jobs', () => {
  const stem = (dataset: string, loop: number, redriveCount = 0) =>
    jobNameStem({
      prefix: 'a'.repeat(20),
      dataset,
      date: '2024-12-31',
      childArn: 'arn:x',
      redriveCount,
      loop,
    })
  const name = (jobName: string, tries: number, RetryCount: number, RedriveCount: number) =>
    evaluate(inner.ProcessDay.Arguments.ProcessingJobName, {
      planned: { jobName },
      tries,
      states: { context: { Execution: { RedriveCount }, State: { RetryCount } } },
    }) as Promise<string>

  it('differ for every retry, try, loop and redrive of a child', async () => {
    const names: string[] = []
    for (const loop of [0, 1, 2, 3])
      for (const tries of [0, 1, 2, 3])
        for (const redrives of [0, 1, 2, 11])
          for (const retries of [0, 1, 10, 89])
            names.push(await name(stem('jobs', loop), tries, retries, redrives))
    expect(new Set(names).size).toBe(4 * 4 * 4 * 4)
  })

  it('are valid for the longest names and the highest counts', async () => {
    const longest = await name(stem('d'.repeat(MAX_DATASET_NAME_LENGTH), 3, 99), 3, 90, 99)
    expect(longest).toMatch(JOB_NAME_PATTERN)
    expect(longest.length).toBeLessThanOrEqual(MAX_JOB_NAME_LENGTH)
  })

  it('begin with the prefix that the state machine has permissions for', async () => {
    const policies = JSON.stringify(synthesized.resources('AWS::IAM::Policy'))
    expect(policies).toContain(':processing-job/dayfold--*')
    const parts = {
      prefix: 'dayfold',
      dataset: 'x',
      date: '2024-01-01',
      childArn: '',
      redriveCount: 0,
      loop: 0,
    }
    expect(await name(jobNameStem(parts), 0, 0, 0)).toMatch(/^dayfold--/)
  })
})

describe('a dataset-day', () => {
  it('starts with all variables that its expressions read', () => {
    expect(Object.keys(inner.BeginDay.Assign)).toEqual(['day', 'loop', 'tries', 'waits'])
  })

  it.each([
    ['process', 'ProcessDay'],
    ['wait', 'WaitForOther'],
    ['done', 'DayLeft'],
  ])('that PlanDay answers with %s goes on to %s', async (action, next) => {
    expect(await chosen('DayPlanned', { planned: { action } })).toBe(next)
  })

  it('tells PlanDay which child asks, how often it has lost and waited', async () => {
    const day = { dataset: 'alpha', date: '2024-01-01' }
    const context = { Execution: { Id: 'arn:child', RedriveCount: 2 } }
    const payload = await evaluate(inner.PlanDay.Arguments.Payload, {
      day,
      loop: 1,
      waits: 3,
      states: { context },
    })
    expect(payload).toEqual({ ...day, child: { arn: 'arn:child', redriveCount: 2 }, loop: 1, waits: 3 })
  })

  it('looks for the end of another execution often at first, seldom later', async () => {
    expect(await evaluate(inner.WaitForOther.Seconds, { waits: 0 })).toBe(60)
    expect(await evaluate(inner.WaitForOther.Seconds, { waits: 30 })).toBe(300)
  })

  it('is planned again at most three times after another writer published it', async () => {
    const lost = { won: false }
    expect(await chosen('DayPublished', { published: { won: true }, loop: 3 })).toBe('DayDone')
    expect(await chosen('DayPublished', { published: lost, loop: 2 })).toBe('PlanAgain')
    expect(await chosen('DayPublished', { published: lost, loop: 3 })).toBe('AlwaysLost')
    expect(inner.PlanAgain.Assign).toMatchObject({ tries: 0 })
  })
})

describe('a job that failed', () => {
  const after = (tries: number, failure: object) => chosen('JobFailed', { tries, failure })
  const cause = (FailureReason: string) => JSON.stringify({ ProcessingJobStatus: 'Failed', FailureReason })

  it.each(['CapacityError: Unable to provision', 'InternalServerError: We encountered an internal error'])(
    'for %s is started again, three times at most',
    async (reason) => {
      expect(await after(1, { Cause: cause(reason) })).toBe('WaitForCapacity')
      expect(await after(3, { Cause: cause(reason) })).toBe('WaitForCapacity')
      expect(await after(4, { Cause: cause(reason) })).toBe('DayFailed')
    },
  )

  it.each([
    ['its program failed', { Cause: cause('AlgorithmError: , exit code: 1') }],
    ['its program talks of capacity', { Cause: cause('AlgorithmError: "FailureReason":"CapacityError') }],
    ['it was refused', { Cause: 'ValidationException: no such role' }],
    ['it ran out of time', {}],
  ])('fails the day when %s', async (_, failure) => {
    expect(await after(1, failure)).toBe('DayFailed')
  })

  it('is caught whatever it failed with', () => {
    expect(inner.ProcessDay.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'JobFailed' }])
  })

  it('is never simply retried: that is for requests that SageMaker refused', () => {
    const errors = inner.ProcessDay.Retry.flatMap((retry: { ErrorEquals: string[] }) => retry.ErrorEquals)
    expect(errors).not.toContain('States.ALL')
    expect(errors).not.toContain('States.TaskFailed')
    expect(errors).not.toContain('States.Timeout')
  })

  it('waits for capacity between five and fifteen minutes', async () => {
    const seconds = (await evaluate(inner.WaitForCapacity.Seconds, {})) as number
    expect(Number.isInteger(seconds)).toBe(true)
    expect(seconds).toBeGreaterThanOrEqual(300)
    expect(seconds).toBeLessThan(900)
  })
})

describe('retries', () => {
  /** The longest that a retrier can wait in all, in seconds. */
  const patience = ({ IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts }: Record<string, number>) =>
    Array.from({ length: MaxAttempts! }, (_, n) =>
      Math.min(IntervalSeconds! * BackoffRate! ** n, MaxDelaySeconds!),
    ).reduce((sum, each) => sum + each, 0)

  it('wait hours for a free instance, with full jitter', () => {
    const retry = inner.ProcessDay.Retry.find((each: { ErrorEquals: string[] }) =>
      each.ErrorEquals.includes('SageMaker.ResourceLimitExceededException'),
    )
    expect(retry.JitterStrategy).toBe('FULL')
    expect(patience(retry)).toBeGreaterThan(4 * 3600)
  })

  it.each(['Plan', 'PlanDay', 'PublishDay', 'Collect', 'Crawl', 'Verify'])(
    'of %s leave alone what is raised on purpose',
    (name) => {
      const [purpose, rest] = states[name].Retry
      expect(purpose).toMatchObject({ MaxAttempts: 0 })
      expect(purpose.ErrorEquals).toContain('InvalidInput')
      expect(purpose.ErrorEquals).not.toContain('CatalogBusy')
      expect(ERROR_CODES.filter((code) => !purpose.ErrorEquals.includes(code))).toEqual(['CatalogBusy'])
      expect(rest).toMatchObject({ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' })
      expect(rest.MaxAttempts).toBeGreaterThan(0)
    },
  )
})

describe('the end of an execution', () => {
  let said: Record<string, { cause: string } | null>
  beforeEach(() => {
    said = { collected: { cause: '' }, verified: { cause: '' } }
  })

  it('changes nothing more after a dry run', async () => {
    expect(await chosen('DryRun', { plan: { dryRun: true } })).toBe('Outcome')
    expect(await chosen('DryRun', { plan: { dryRun: false } })).toBe('Crawl')
  })

  it('crawls until the crawlers are done', async () => {
    expect(await chosen('Crawled', { crawled: { action: 'wait' } })).toBe('WaitForCrawlers')
    expect(await chosen('Crawled', { crawled: { action: 'done' } })).toBe('Verify')
  })

  it('gives Crawl its previous answer', async () => {
    const { Payload } = outer.Crawl.Arguments
    const plan = { execution: { name: 'r' } }
    const states = { context: { Execution: { RedriveCount: 2 } } }
    const known = { plan, collected: { cause: '2 days failed.' }, states }
    const input = { execution: { name: 'r' }, redriveCount: 2, failedDays: '2 days failed.' }
    expect(await evaluate(Payload, { ...known, crawled: null })).toEqual(input)
    const crawled = { action: 'wait', polls: 1 }
    expect(await evaluate(Payload, { ...known, crawled })).toEqual({ ...input, previous: crawled })
  })

  it('tells Verify of failed days', async () => {
    const { failedDays } = outer.Verify.Arguments.Payload
    expect(await evaluate(failedDays, { collected: { cause: '2 days failed.' } })).toBe('2 days failed.')
  })

  it('is success when no day failed and all counts agree', async () => {
    expect(await chosen('Outcome', said)).toBe('Done')
    expect(await chosen('Outcome', { ...said, verified: null })).toBe('Done')
  })

  it.each([
    [{ collected: { cause: '2 days failed.' } }, '2 days failed.'],
    [{ verified: { cause: '1 count differs.' } }, '1 count differs.'],
    [{ collected: { cause: '2 days failed.' }, verified: null }, '2 days failed.'],
    [{ collected: { cause: 'A.' }, verified: { cause: 'B.' } }, 'A. B.'],
  ])('is failure otherwise, with what %j says', async (what, text) => {
    expect(await chosen('Outcome', { ...said, ...what })).toBe('DaysFailed')
    expect(await evaluate(outer.DaysFailed.Cause, { ...said, ...what })).toBe(text)
  })
})
