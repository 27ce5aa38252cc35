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
import { HANDLER_TIMEOUT_SECONDS, MAX_ASK_SECONDS, MAX_ASKS, MAX_TRIES } from '../../../lib/timeouts.ts'
import { EVERYTHING, resolved, synthesizeStack } from '../../support/synthesized.ts'

type Validator = (definition: unknown) => { isValid: boolean; errors: unknown[] }
const validate = createRequire(import.meta.url)('asl-validator') as Validator

const synthesized = synthesizeStack()
const machine = synthesized.definition()
const outer: Record<string, any> = machine.States // eslint-disable-line @typescript-eslint/no-explicit-any
const { Days } = outer
const inner: Record<string, any> = Days.ItemProcessor.States // eslint-disable-line @typescript-eslint/no-explicit-any
const states = { ...outer, ...inner }

/** Evaluates an expression of the definition with these variables and `$states`. */
const evaluate = (text: string, bindings: Record<string, unknown>): Promise<unknown> => {
  expect(text).toMatch(/^\{%.*%\}$/)
  return jsonata(text.slice(2, -2)).evaluate({}, bindings) as Promise<unknown>
}

/** Returns the state that a Choice goes on to. */
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

  it('invokes every handler, PlanDay a second time to tell of a wait', () => {
    const invoked = Object.values(states).flatMap((state) => state.Arguments?.FunctionName ?? [])
    expect(invoked.map((arn: string) => /Handlers(\w+)Function/.exec(arn)![1]).sort()).toEqual(
      ['Plan', 'PlanDay', 'PlanDay', 'PublishDay', 'Collect', 'Crawl', 'Verify'].sort(),
    )
    expect(invoked).toHaveLength(HANDLER_NAMES.length + 1)
  })
})

/** Syntax of JSONata 2.1 and later, which Step Functions does not know; quoted text and patterns are left out. */
const NEWER_SYNTAX = /\?\?|\?:/
const withoutText = (expression: string) =>
  expression.replaceAll(/'[^']*'|"[^"]*"|\/(?:[^/\\]|\\.)+\//g, 'text')

describe('expressions', () => {
  // https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
  it('are those of JSONata 2.0.6', () => {
    const expressions = [...JSON.stringify(machine).matchAll(/\{%(.*?)%\}/g)].map(([, text]) => text!)
    expect(expressions.length).toBeGreaterThan(30)
    expect(
      expressions.filter((text) => NEWER_SYNTAX.test(withoutText(JSON.parse(`"${text}"`) as string))),
    ).toEqual([])
  })

  it.each(['$a ?? 1', '$a ?: 1', "$b = 'x' ?: 2"])('such as %s are noticed', (expression) => {
    expect(withoutText(expression)).toMatch(NEWER_SYNTAX)
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
  const name = (jobName: string, tries: number, RedriveCount: number) =>
    evaluate(inner.ProcessDay.Arguments.ProcessingJobName, {
      planned: { jobName },
      tries,
      states: { context: { Execution: { RedriveCount } } },
    }) as Promise<string>
  const MOST = MAX_ASKS + MAX_TRIES

  it('differ for every try, loop and redrive of a child, and no state retries one under its name', async () => {
    const names: string[] = []
    for (const loop of [0, 1, 2, 3])
      for (const tries of [0, 1, 10, MOST])
        for (const redrives of [0, 1, 2, 11]) names.push(await name(stem('jobs', loop), tries, redrives))
    expect(new Set(names).size).toBe(4 * 4 * 4)
    expect(MOST).toBeLessThan(1000)
    expect(inner.ProcessDay.Retry).toBeUndefined()
    expect(await evaluate(inner.ProcessDay.Catch[0].Assign.tries, { tries: 4 })).toBe(5)
  })

  it('are valid for the longest names and the highest counts', async () => {
    const longest = await name(stem('d'.repeat(MAX_DATASET_NAME_LENGTH), 3, 999), MOST, 999)
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
    expect(await name(jobNameStem(parts), 0, 0)).toMatch(/^dayfold--/)
  })
})

describe('a dataset-day', () => {
  it('starts with all variables that its expressions read', () => {
    expect(Object.keys(inner.BeginDay.Assign)).toEqual(['day', 'loop', 'tries', 'asks', 'jobs', 'waits'])
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
    expect(inner.PlanAgain.Assign).toMatchObject({ tries: 0, asks: 0, jobs: 0 })
  })
})

describe('a job that failed', () => {
  const after = (counts: { jobs?: number; asks?: number }, failure: { Error?: string; Cause?: string }) =>
    chosen('JobFailed', { jobs: 0, asks: 0, ...counts, failure })
  const job = (FailureReason: string, ExitMessage?: string) => ({
    Error: 'States.TaskFailed',
    Cause: JSON.stringify({ ProcessingJobStatus: 'Failed', ExitMessage, FailureReason }),
  })

  it.each([
    job('CapacityError: Unable to provision'),
    job('InternalServerError: We encountered an internal error'),
    job('AlgorithmError: , exit code: 1', 'S3Throttled: raw/a: expected S3 to answer'),
  ])('with %j is started again, three times at most', async (failure) => {
    expect(await after({ jobs: 0 }, failure)).toBe('WaitForCapacity')
    expect(await after({ jobs: 2, asks: MAX_ASKS }, failure)).toBe('WaitForCapacity')
    expect(await after({ jobs: 3 }, failure)).toBe('DayFailed')
  })

  const refused = (Error: string, Cause: string) => ({ Error: `SageMaker.${Error}`, Cause })
  const quota = (limit: number) =>
    `The account-level service limit 'ml.m5.2xlarge for processing job usage' is ${limit} Instances, with current ` +
    `utilization of ${limit} Instances and a request delta of 1 Instances.`

  it.each([
    refused('ResourceLimitExceededException', quota(2)),
    refused(
      'AmazonSageMakerException',
      'Rate exceeded (Service: AmazonSageMaker; Error Code: ThrottlingException)',
    ),
    refused(
      'AmazonSageMakerException',
      'x (Service: AmazonSageMaker; Status Code: 503; Error Code: ServiceUnavailable)',
    ),
    { Error: 'ThrottlingException', Cause: 'Rate exceeded' },
  ])('for want of an instance or of time, %j, is asked for again for hours', async (failure) => {
    expect(await after({ asks: 0 }, failure)).toBe('WaitForInstance')
    expect(await after({ asks: MAX_ASKS - 1, jobs: 3 }, failure)).toBe('WaitForInstance')
    expect(await after({ asks: MAX_ASKS }, failure)).toBe('DayFailed')
  })

  it.each([
    ['its program failed', job('AlgorithmError: , exit code: 1')],
    ['its program talks of capacity', job('AlgorithmError: "FailureReason":"CapacityError')],
    [
      'its program talks of throttling',
      job('AlgorithmError: x', '"ExitMessage": "S3Throttled: Rate exceeded'),
    ],
    [
      'it was refused for good',
      refused('AmazonSageMakerException', 'no such role (Error Code: ValidationException)'),
    ],
    ['it is not allowed', refused('AmazonSageMakerException', 'x (Error Code: AccessDeniedException)')],
    ['there is no quota at all', refused('ResourceLimitExceededException', quota(0))],
    ['it ran out of time', { Error: 'States.Timeout' }],
  ])('fails the day at once when %s', async (_, failure) => {
    expect(await after({}, failure)).toBe('DayFailed')
  })

  it('is caught whatever it failed with', () => {
    expect(inner.ProcessDay.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'JobFailed' }])
  })

  it('is asked for with full jitter, seldom in the end', async () => {
    const seconds = async (asks: number) => {
      const waits: number[] = []
      for (let n = 0; n < 50; n++)
        waits.push((await evaluate(inner.WaitForInstance.Seconds, { asks })) as number)
      return waits
    }
    expect(Math.max(...(await seconds(0)))).toBeLessThanOrEqual(5)
    const late = await seconds(100)
    expect(Math.max(...late)).toBeLessThanOrEqual(MAX_ASK_SECONDS)
    expect(Math.min(...late)).toBeLessThan(MAX_ASK_SECONDS / 2)
    expect(late.every((wait) => Number.isInteger(wait) && wait >= 1)).toBe(true)
    expect((MAX_ASKS * MAX_ASK_SECONDS) / 2).toBeGreaterThan(4 * 3600)
  })

  it('tells of each further try to start it, and goes on with the day as it was planned', async () => {
    expect(inner.WaitForInstance.Next).toBe('TellInstanceWait')
    expect(inner.TellInstanceWait.Next).toBe('ProcessDay')
    expect(Object.keys(inner.TellInstanceWait.Assign)).toEqual(['told'])
    const context = { Execution: { Id: 'arn:child', RedriveCount: 0 } }
    const failure = { Error: 'SageMaker.ResourceLimitExceededException' }
    const known = { day: { dataset: 'a' }, loop: 0, waits: 0, since: 'then', failure, states: { context } }
    expect(await evaluate(inner.TellInstanceWait.Arguments.Payload, known)).toMatchObject({
      dataset: 'a',
      waitsForInstance: { since: 'then', error: failure.Error },
    })
  })

  /** A round has four states of at most 3 events each; Lambda's and one more Task have at most 3 more. */
  it('leaves the history of the longest wait far below 25,000 events', () => {
    const rounds = 4 * (MAX_ASKS + MAX_TRIES + 1)
    expect(rounds * (4 * 3 + 2 * 3)).toBeLessThan(25_000 / 2)
  })

  it('waits for capacity between five and fifteen minutes', async () => {
    const seconds = (await evaluate(inner.WaitForCapacity.Seconds, {})) as number
    expect(Number.isInteger(seconds)).toBe(true)
    expect(seconds).toBeGreaterThanOrEqual(300)
    expect(seconds).toBeLessThan(900)
  })
})

describe('retries', () => {
  /** Returns the longest time in seconds that a retrier can wait in all. */
  const patience = ({ IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts }: Record<string, number>) =>
    Array.from({ length: MaxAttempts! }, (_, n) =>
      Math.min(IntervalSeconds! * BackoffRate! ** n, MaxDelaySeconds!),
    ).reduce((sum, each) => sum + each, 0)

  it.each(['Plan', 'PlanDay', 'TellInstanceWait', 'PublishDay', 'Collect', 'Crawl', 'Verify'])(
    'of %s wait hours while Lambda is busy, with full jitter',
    (name) => {
      const retry = states[name].Retry.find((each: { ErrorEquals: string[] }) =>
        each.ErrorEquals.includes('Lambda.TooManyRequestsException'),
      )
      expect(retry.JitterStrategy).toBe('FULL')
      expect(patience(retry)).toBeGreaterThan(4 * 3600)
    },
  )

  it.each(['Plan', 'PlanDay', 'PublishDay', 'Collect', 'Crawl', 'Verify'])(
    'of %s leave alone what is raised on purpose',
    (name) => {
      const [purpose, , rest] = states[name].Retry
      expect(purpose).toMatchObject({ MaxAttempts: 0 })
      expect(purpose.ErrorEquals).toContain('InvalidInput')
      expect(purpose.ErrorEquals).not.toContain('CatalogBusy')
      const others = ERROR_CODES.filter((code) => !purpose.ErrorEquals.includes(code))
      expect(others.toSorted()).toEqual(['CatalogBusy', 'S3Throttled'])
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
    [
      { collected: { cause: '2 days failed.\njobs 2024-01-02: E: why' } },
      '2 days failed.\njobs 2024-01-02: E: why',
    ],
    [{ collected: { cause: 'A.' }, verified: { cause: 'B.' } }, 'A.\nB.'],
  ])('is failure otherwise, with what %j says', async (what, text) => {
    expect(await chosen('Outcome', { ...said, ...what })).toBe('DaysFailed')
    expect(await evaluate(outer.DaysFailed.Cause, { ...said, ...what })).toBe(text)
  })
})
