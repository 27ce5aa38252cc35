import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { JOB_NAME_PATTERN } from '../../../core/job-name.ts'
import { OUTSTANDING, partitionPrefix } from '../../../core/layout.ts'
import type { StateGraph } from '@dayfold/local-aws/states'
import { StateError } from '@dayfold/local-aws/states'
import { branchesOf, branchesTaken } from '../../support/pipeline/branches.ts'
import { failedJob, failing } from '../../support/pipeline/failures.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'
import { startPipeline, statuses, type Pipeline } from '../../support/pipeline/pipeline.ts'

type Validator = (definition: unknown) => { isValid: boolean; errors: unknown[] }
const validate = createRequire(import.meta.url)('asl-validator') as Validator

// All in one file, so that its last tests know the states that all the others have executed.

/** Each test has a day of its own, because they share the table, as on AWS. */
const only = (day: string) => ({ from: day, to: day })

let pipeline: Pipeline
/** The deployed definition: from the synthesized template, with references resolved. */
let definition: StateGraph

beforeAll(async () => {
  pipeline = await startPipeline()
  definition = pipeline.aws.deployment.stateMachines[0]!.definition as StateGraph
})
afterEach(() => {
  pipeline.undisturbed()
  pipeline.raw.setBadDay(null)
  // Days that one test leaves outstanding would join the executions of the next.
  rmSync(join(pipeline.home, 's3/data', OUTSTANDING), { recursive: true, force: true })
})
afterAll(() => pipeline.close())

/** Returns the names of the jobs that `work` asked for. */
async function jobNamesOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = pipeline.jobNames.length
  await work()
  return pipeline.jobNames.slice(before)
}

/** Folder of a day's published parts. */
const partition = (day: string) => join(pipeline.home, 's3/data', partitionPrefix('readings', day))
const count = async (day: string) =>
  Number((await pipeline.sql(`SELECT count(*) FROM readings WHERE day_partition = '${day}'`))[0]![0])

test('asl-validator finds nothing in the deployed definition', () => {
  expect(validate(structuredClone(definition))).toMatchObject({ isValid: true, errors: [] })
})

/** Lambda had no capacity for the function, and then the function died. */
const BUSY = ['Lambda.TooManyRequestsException', 'Rate exceeded'] as const
const DIED = ['Lambda.Unknown', 'as if it had died'] as const

describe('the main path', () => {
  test('publishes, crawls until the partition is known, verifies; a second run leaves the day alone', async () => {
    const day = '2024-01-01'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const first = await pipeline.run(only(day))
    expect(first).toMatchObject({
      status: 'SUCCEEDED',
      output: { counts: { published: 1 }, verified: { verified: 1 } },
    })
    const second = await pipeline.run(only(day))
    expect(second).toMatchObject({ status: 'SUCCEEDED', output: { counts: { unchanged: 1 } } })
    expect(await count(day)).toBe(10)
  })

  test('of a dry run ends before anything is crawled or verified', async () => {
    const day = '2024-01-02'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const dry = await pipeline.run({ ...only(day), dryRun: true })
    expect(dry).toMatchObject({ status: 'SUCCEEDED', output: { counts: { planned: 1 }, verified: null } })
    expect(await count(day)).toBe(0)
  })

  test('goes on after every function has failed for reasons that pass', async () => {
    const day = '2024-01-03'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const states = ['Plan', 'PlanDay', 'PublishDay', 'Collect', 'Crawl', 'Verify']
    const left = new Set(states)
    for (const state of states) {
      const once = failing(BUSY, DIED)
      pipeline.before(state, (attempt) => {
        left.delete(state)
        return once(attempt)
      })
    }
    expect(await pipeline.run(only(day))).toMatchObject({ status: 'SUCCEEDED' })
    expect(left.size).toBe(0)
    expect(await count(day)).toBe(10)
  })
})

describe('a request for a job that SageMaker refuses', () => {
  test('is repeated under another name until there is room', async () => {
    const day = '2024-02-01'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const refusals = failing(
      ['SageMaker.ResourceLimitExceededException', 'The account-level service limit is 2 Instances, with …'],
      ['SageMaker.AmazonSageMakerException', 'Rate exceeded (Error Code: ThrottlingException)'],
      ['SageMaker.ThrottlingException', 'Rate exceeded'],
      ['ThrottlingException', 'Rate exceeded'],
    )
    pipeline.before('ProcessDay', refusals)
    pipeline.before('TellInstanceWait', failing(BUSY, DIED))
    const names = await jobNamesOf(async () => {
      expect(await pipeline.run(only(day))).toMatchObject({ status: 'SUCCEEDED' })
    })
    expect(names).toHaveLength(5)
    expect(new Set(names).size).toBe(5)
    expect(await count(day)).toBe(10)
  })

  test('fails the day at once when it can never succeed', async () => {
    const day = '2024-02-02'
    pipeline.raw.write(day, 'a.jsonl', 10)
    pipeline.before('ProcessDay', failing(['SageMaker.ResourceInUseException', 'Job name must be unique']))
    const { status, cause } = await pipeline.run(only(day))
    expect(status).toBe('FAILED')
    expect(cause).toContain(`readings ${day}: SageMaker.ResourceInUseException: Job name must be unique`)
  })
})

describe('a job that fails', () => {
  test.each([
    ['2024-02-03', 'CapacityError: Unable to provision requested ML compute capacity'],
    ['2024-02-04', 'InternalServerError: We encountered an internal error. Please try again.'],
  ])('on %s for %s is started again under another name', async (day, reason) => {
    pipeline.raw.write(day, 'a.jsonl', 10)
    pipeline.before('ProcessDay', failing(failedJob(reason), failedJob(reason), failedJob(reason)))
    const names = await jobNamesOf(async () => {
      expect(await pipeline.run(only(day))).toMatchObject({ status: 'SUCCEEDED' })
    })
    expect(new Set(names).size).toBe(4)
    expect(await count(day)).toBe(10)
  })

  test('for want of capacity four times fails the day with that reason', async () => {
    const day = '2024-02-05'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const reason = failedJob('CapacityError: no instances')
    pipeline.before('ProcessDay', failing(reason, reason, reason, reason))
    const names = await jobNamesOf(async () => {
      const { status, cause } = await pipeline.run(only(day))
      expect(status).toBe('FAILED')
      expect(cause).toContain('CapacityError: no instances')
    })
    expect(new Set(names).size).toBe(4)
  })

  test('by itself fails the day at once, says why, and is redone by mode failed', async () => {
    const day = '2024-02-06'
    pipeline.raw.write(day, 'a.jsonl', 10)
    pipeline.raw.write('2024-02-07', 'a.jsonl', 10)
    // The raw file is replaced between the listing and the job's reading.
    pipeline.before('ProcessDay', ({ input, proceed }) => {
      if (String(input['ProcessingJobName']).includes('20240206')) pipeline.raw.write(day, 'a.jsonl', 12)
      return proceed()
    })
    const range = { from: day, to: '2024-02-07' }
    const names = await jobNamesOf(async () => {
      const failed = await pipeline.run(range)
      expect(failed).toMatchObject({ status: 'FAILED', error: 'DaysFailed' })
      expect(failed.cause).toContain(`1 of 2 dataset-days failed`)
      expect(failed.cause).toContain(`readings ${day}`)
      expect(failed.cause).toContain(
        `{"from":"${day}","to":"${day}","datasets":["readings"],"mode":"failed"}`,
      )
      expect(statuses(failed.summary)).toEqual({ [day]: 'failed', '2024-02-07': 'published' })
    })
    expect(names).toHaveLength(2)
    pipeline.undisturbed()
    const redone = await pipeline.run({ ...range, mode: 'failed' })
    expect(statuses(redone.summary)).toEqual({ [day]: 'published', '2024-02-07': 'not-failed' })
    expect(await count(day)).toBe(12)
  })

  test('to end in time fails the day', async () => {
    const day = '2024-02-08'
    pipeline.raw.write(day, 'a.jsonl', 10)
    pipeline.before('ProcessDay', failing(['States.Timeout', 'ProcessDay did not end in time.']))
    const { status, cause } = await pipeline.run(only(day))
    expect(status).toBe('FAILED')
    expect(cause).toContain(`readings ${day}: States.Timeout`)
  })
})

describe('a publish that another writer was faster with', () => {
  const lost = () => Promise.resolve({ Payload: { won: false } })

  test('is planned and processed again, three times, and then wins', async () => {
    const day = '2024-03-01'
    pipeline.raw.write(day, 'a.jsonl', 10)
    let left = 3
    pipeline.before('PublishDay', ({ proceed }) => (left-- > 0 ? lost() : proceed()))
    const names = await jobNamesOf(async () => {
      expect(await pipeline.run(only(day))).toMatchObject({
        status: 'SUCCEEDED',
        output: { counts: { published: 1 } },
      })
    })
    expect(new Set(names).size).toBe(4)
    expect(await count(day)).toBe(10)
  })

  test('fails the day when it loses four times', async () => {
    const day = '2024-03-02'
    pipeline.raw.write(day, 'a.jsonl', 10)
    pipeline.before('PublishDay', lost)
    const { status, cause } = await pipeline.run(only(day))
    expect(status).toBe('FAILED')
    expect(cause).toContain(`readings ${day}: PublishLost`)
  })
})

describe('a day that another execution works on', () => {
  test('is waited for by a manual execution, and left by a scheduled one', async () => {
    const day = '2024-03-03'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const [isProcessing, mayGoOn, hasWaited] = [latch(), latch(), latch()]
    pipeline.before('ProcessDay', async ({ proceed }) => {
      isProcessing.open()
      await mayGoOn.opened
      return proceed()
    })
    const first = await pipeline.start(only(day))
    await isProcessing.opened

    const scheduled = await pipeline.run({ ...only(day), scheduledAt: '2024-03-03T12:10:00Z' })
    expect(scheduled.status).toBe('SUCCEEDED')
    expect(statuses(scheduled.summary)).toEqual({ [day]: 'busy' })

    let looks = 0
    pipeline.before('PlanDay', ({ proceed }) => {
      if (++looks === 3) hasWaited.open()
      return proceed()
    })
    const second = await pipeline.start(only(day))
    await hasWaited.opened
    mayGoOn.open()
    expect(statuses((await pipeline.ended(first)).summary)).toEqual({ [day]: 'published' })
    expect(statuses((await pipeline.ended(second)).summary)).toEqual({ [day]: 'unchanged' })
    expect(await count(day)).toBe(10)
  })

  test('is taken over by the execution that waits when its job fails, while the other one works on', async () => {
    const [day, other] = ['2024-03-15', '2024-03-16']
    pipeline.raw.write(day, 'a.jsonl', 10)
    pipeline.raw.write(other, 'a.jsonl', 10)
    const [mayFail, mayGoOn, isProcessing, hasWaited] = [latch(), latch(), latch(), latch()]
    let jobs = 0
    pipeline.before('ProcessDay', async ({ input, proceed }) => {
      if (String(input['ProcessingJobName']).includes('20240316')) {
        await mayGoOn.opened
      } else if (++jobs === 1) {
        isProcessing.open()
        await mayFail.opened
        throw new StateError(...failedJob('AlgorithmError: exit code 1'))
      }
      return proceed()
    })
    const first = await pipeline.start({ from: day, to: other })
    await isProcessing.opened
    let looks = 0
    pipeline.before('PlanDay', ({ input, proceed }) => {
      if (input['date'] === day && ++looks === 2) hasWaited.open()
      return proceed()
    })
    const second = await pipeline.start(only(day))
    await hasWaited.opened
    mayFail.open()
    expect(statuses((await pipeline.ended(second)).summary)).toEqual({ [day]: 'published' })
    mayGoOn.open()
    const ended = await pipeline.ended(first)
    expect(statuses(ended.summary)).toEqual({ [day]: 'failed', [other]: 'published' })
    // A day that was published meanwhile does not count as failed.
    const redone = await pipeline.run({ ...only(day), mode: 'failed' })
    expect(statuses(redone.summary)).toEqual({ [day]: 'not-failed' })
  })

  test('is taken over by the execution that waits when the other one is stopped', async () => {
    const day = '2024-03-14'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const [isProcessing, hasWaited] = [latch(), latch()]
    pipeline.before('ProcessDay', () => {
      isProcessing.open()
      return latch().opened
    })
    const first = await pipeline.start(only(day))
    await isProcessing.opened

    let looks = 0
    pipeline.before('PlanDay', ({ proceed }) => {
      if (++looks === 2) hasWaited.open()
      return proceed()
    })
    const second = await pipeline.start(only(day))
    await hasWaited.opened
    pipeline.undisturbed()
    await pipeline.stop(first)
    expect(statuses((await pipeline.ended(second)).summary)).toEqual({ [day]: 'published' })
    expect(await count(day)).toBe(10)
  })
})

describe('what a function raises on purpose ends the execution or the day, untried again', () => {
  /** Counts the tries of a state while `work` runs. */
  async function triesOf(state: string, work: () => Promise<void>): Promise<number> {
    let tries = 0
    pipeline.before(state, ({ proceed }) => {
      tries++
      return proceed()
    })
    await work()
    return tries
  }

  test('Plan: an unknown field of the input', async () => {
    const tries = await triesOf('Plan', async () => {
      const { status, error, cause } = await pipeline.run({ form: '2024-01-01' })
      expect({ status, error }).toEqual({ status: 'FAILED', error: 'InvalidInput' })
      expect(cause).toContain('form')
    })
    expect(tries).toBe(1)
  })

  test('PlanDay: a rebuild of a day whose raw files are gone, unless it may be empty', async () => {
    const day = '2024-03-04'
    pipeline.raw.write(day, 'a.jsonl', 10)
    await pipeline.run(only(day))
    pipeline.raw.remove(day, 'a.jsonl')
    const tries = await triesOf('PlanDay', async () => {
      const refused = await pipeline.run({ ...only(day), mode: 'rebuild' })
      expect(refused.status).toBe('FAILED')
      expect(refused.cause).toContain(`readings ${day}: EmptyPrefix`)
    })
    expect(tries).toBe(1)
    expect(await count(day)).toBe(10)
    const allowed = await pipeline.run({ ...only(day), mode: 'rebuild', allowEmpty: true })
    expect(statuses(allowed.summary)).toEqual({ [day]: 'published' })
    expect(await count(day)).toBe(0)
  })

  test('PublishDay: a day of which too many records were rejected, and no other', async () => {
    const day = '2024-03-05'
    pipeline.raw.write(day, 'a.jsonl', 10)
    pipeline.raw.write('2024-03-06', 'a.jsonl', 10)
    pipeline.raw.setBadDay(day)
    const tries = await triesOf('PublishDay', async () => {
      const failed = await pipeline.run({ from: day, to: '2024-03-06' })
      expect(failed.status).toBe('FAILED')
      expect(failed.cause).toContain(`readings ${day}: RejectedRatioExceeded`)
      expect(statuses(failed.summary)).toEqual({ [day]: 'failed', '2024-03-06': 'published' })
    })
    expect(tries).toBe(2)
    pipeline.raw.setBadDay(null)
    const redone = await pipeline.run({ from: day, to: '2024-03-06', mode: 'failed' })
    expect(statuses(redone.summary)).toEqual({ [day]: 'published', '2024-03-06': 'not-failed' })
  })

  test('TellInstanceWait: what it raises on purpose', async () => {
    const day = '2024-03-17'
    pipeline.raw.write(day, 'a.jsonl', 10)
    pipeline.before('ProcessDay', failing(['ThrottlingException', 'Rate exceeded']))
    pipeline.before('TellInstanceWait', failing(['CorruptState', 'as if on purpose']))
    const { status, cause } = await pipeline.run(only(day))
    expect(status).toBe('FAILED')
    expect(cause).toContain(`readings ${day}: CorruptState: as if on purpose`)
  })

  test('Collect: results of the Map that are gone fail the days that they tell of', async () => {
    pipeline.before('Collect', ({ input, proceed }) => {
      const { Bucket, Key } = input['results'] as { Bucket: string; Key: string }
      rmSync(join(pipeline.home, 's3', Bucket, Key))
      return proceed()
    })
    expect(await pipeline.run(only('2024-03-07'))).toMatchObject({ status: 'FAILED', error: 'DaysFailed' })
  })

  test.each(['Collect', 'Crawl'])('%s: what it raises on purpose', async (state) => {
    pipeline.before(state, failing(['CorruptState', 'as if on purpose']))
    expect(await pipeline.run(only('2024-03-08'))).toMatchObject({ status: 'FAILED', error: 'CorruptState' })
  })

  test('Crawl: a crawler that fails is a warning, and hides nothing', async () => {
    const day = '2024-03-09'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const fault = { kind: 'error', code: 'OperationTimeoutException', status: 400 } as const
    pipeline.faults.add({ operation: /^StartCrawler$/, nth: 1, fault })
    expect(await pipeline.run(only(day))).toMatchObject({
      status: 'SUCCEEDED',
      output: { verified: { verified: 1 }, warnings: [expect.stringMatching(/^Crawler of readings: /)] },
    })
    expect(await count(day)).toBe(10)
  })

  test('Verify: a query that fails; a redrive verifies once the cause is gone', async () => {
    const day = '2024-03-10'
    pipeline.raw.write(day, 'a.jsonl', 10)
    let part = ''
    let whole: Buffer
    pipeline.before('Verify', ({ proceed }) => {
      part = join(partition(day), readdirSync(partition(day))[0]!)
      whole = readFileSync(part)
      writeFileSync(part, 'no Parquet')
      return proceed()
    })
    const failed = await pipeline.run(only(day))
    expect(failed).toMatchObject({ status: 'FAILED', error: 'QueryFailed' })
    writeFileSync(part, whole!)
    pipeline.undisturbed()
    const redriven = await pipeline.redrive(failed.arn)
    expect(redriven).toMatchObject({ status: 'SUCCEEDED', output: { verified: { verified: 1 } } })
  })
})

describe('counts that disagree', () => {
  test('fail the execution, and every later one until the table is right again', async () => {
    const day = '2024-03-11'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const copy = join(partition(day), 'part-99999-00000.parquet')
    pipeline.before('Verify', ({ proceed }) => {
      copyFileSync(join(partition(day), readdirSync(partition(day))[0]!), copy)
      return proceed()
    })
    const failed = await pipeline.run(only(day))
    expect(failed).toMatchObject({ status: 'FAILED', error: 'DaysFailed' })
    expect(failed.cause).toContain(`readings ${day}: expected 10 rows, Athena counts 20`)
    pipeline.undisturbed()
    expect(await pipeline.run(only('2024-03-12'))).toMatchObject({ status: 'FAILED', error: 'DaysFailed' })
    rmSync(copy)
    const right = await pipeline.run(only(day))
    expect(right).toMatchObject({ status: 'SUCCEEDED', output: { verified: { verified: 1 } } })
  })
})

describe('an execution that is stopped while a job runs', () => {
  test('goes on when it is redriven, with a job of another name', async () => {
    const day = '2024-03-13'
    pipeline.raw.write(day, 'a.jsonl', 10)
    const isProcessing = latch()
    pipeline.before('ProcessDay', ({ proceed }) => {
      isProcessing.open()
      return proceed()
    })
    const names = await jobNamesOf(async () => {
      const arn = await pipeline.start(only(day))
      await isProcessing.opened
      await pipeline.stop(arn)
      expect((await pipeline.ended(arn)).status).toBe('ABORTED')
      const redriven = await pipeline.redrive(arn)
      expect(redriven).toMatchObject({ status: 'SUCCEEDED', output: { counts: { published: 1 } } })
    })
    expect(names).toHaveLength(2)
    expect(new Set(names).size).toBe(2)
    expect(await count(day)).toBe(10)
  })
})

describe('all of these together', () => {
  test('left every state of the definition in every way that there is', async () => {
    const histories = await pipeline.histories()
    const taken = new Set(histories.flatMap((events) => [...branchesTaken(definition, events)]))
    expect([...taken].sort()).toEqual(branchesOf(definition).sort())
  })

  test('asked for no name of a job twice, and for valid ones only', () => {
    const names = pipeline.jobNames
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(JOB_NAME_PATTERN)
  })
})
