import { expect, test } from 'vitest'
import { readAttempt } from '../../../aws/day-state.ts'
import { deleteObjects } from '../../../aws/write-objects.ts'
import { listOutstandingDays, readOutstandingDay } from '../../../aws/outstanding-days.ts'
import type { ErrorCode } from '../../../core/errors.ts'
import type { DayOutcome } from '../../../core/messages.ts'
import { plan as planExecution } from '../../../lambda/planning/plan.ts'
import { failureOf } from '../../../lambda/results/child-failure.ts'
import { keepOutstanding } from '../../../lambda/results/keep-outstanding.ts'
import { recordFailures } from '../../../lambda/results/record-failures.ts'
import { DEPLOYMENT } from '../../support/lambda/dataset.ts'
import {
  endRun,
  plan,
  publish,
  startRun,
  tick,
  visibleIds,
  work,
  type DayRunOptions,
} from '../../support/lambda/run-day.ts'
import { DAY, startWorld, type World } from '../../support/lambda/world.ts'

const BAD = ['bad1', 'bad2', 'bad3', 'bad4', 'bad5', 'a1']
const dataOf = (world: World) => world.process('test', 'arn').ledger.data

/** Takes a day through an execution, Collect included; also returns how many jobs it took. */
async function execute(world: World, options: DayRunOptions = {}): Promise<DayOutcome & { jobs: number }> {
  const run = startRun(world, options)
  let jobs = 0
  const outcome = await (async () => {
    const planned = await plan(run)
    if (planned.action !== 'process') return planned.outcome
    jobs += 1
    return (await publish(run, await work(run, planned))).outcome!
  })().catch(failedOutcome)
  const { mode = 'changed', dryRun = false } = options
  if (!dryRun) {
    const { status, error = '' } = outcome
    const lasts = failureOf({ Input: '{}', Status: 'FAILED', Error: error }).lasts
    const failed = status === 'failed' ? [{ ...outcome, failedAt: tick(), lasts }] : []
    await recordFailures(dataOf(world), failed, { execution: run.arn, mode: mode as 'changed' })
    await keepOutstanding(dataOf(world), [outcome], { execution: run.arn, now: tick() })
  }
  endRun(run)
  return { ...outcome, jobs }
}

function failedOutcome(error: unknown): DayOutcome {
  const { code, message } = error as { code: ErrorCode; message: string }
  return { ...DAY, status: 'failed', why: code, error: code, cause: message }
}

const isOutstanding = async (world: World) => (await listOutstandingDays(dataOf(world))).length === 1

test('a day that cannot succeed is tried once, and stays outstanding with its cause', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', BAD)
  expect(await execute(world)).toMatchObject({ status: 'failed', jobs: 1 })
  const failed = await readOutstandingDay(dataOf(world), DAY)
  for (const scheduled of [true, false, true]) {
    expect(await execute(world, { scheduled })).toMatchObject({
      status: 'stuck',
      jobs: 0,
      error: 'RejectedRatioExceeded',
      cause: expect.stringContaining('5 of 6') as string,
    })
  }
  expect(await readOutstandingDay(dataOf(world), DAY)).toMatchObject({
    status: 'stuck',
    since: (failed as { since: string }).since,
  })
  expect(await execute(world, { dryRun: true })).toMatchObject({ status: 'stuck' })
})

test.each<[string, (world: World) => DayRunOptions]>([
  ['a new file', (world) => (world.putRaw('b.jsonl', ['b1', 'b2', 'b3', 'b4', 'b5', 'b6']), {})],
  ['a changed file', (world) => (world.putRaw('a.jsonl', ['a1']), {})],
  ['a changed setting', () => ({ settings: { maxRejectedRatio: 0.9 } })],
])('%s ends it', async (_, mend) => {
  const world = await startWorld()
  world.putRaw('a.jsonl', BAD)
  await execute(world)
  expect(await execute(world, mend(world))).toMatchObject({ status: 'published' })
  expect(await isOutstanding(world)).toBe(false)
})

test.each<DayRunOptions>([{ featureVersion: 'v2' }, { mode: 'failed' }, { mode: 'rebuild' }])(
  'it is tried again with %j',
  async (options) => {
    const world = await startWorld()
    world.putRaw('a.jsonl', BAD)
    await execute(world)
    expect(await execute(world, options)).toMatchObject({ status: 'failed', jobs: 1 })
    expect(await execute(world, { ...options, mode: 'changed' })).toMatchObject({ status: 'stuck' })
  },
)

test('a failure that is not the fault of the day is tried again', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const run = startRun(world)
  await plan(run)
  const outcome = { ...DAY, status: 'failed' as const, why: 'E', error: 'StagingGone', failedAt: tick() }
  await recordFailures(dataOf(world), [{ ...outcome, lasts: false }], { execution: run.arn, mode: 'changed' })
  endRun(run)
  expect((await readAttempt(dataOf(world), DAY))!.attempt.error).toContain('StagingGone')
  expect(await execute(world)).toMatchObject({ status: 'published' })
})

test('a day that PlanDay cannot plan is stuck until it can', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await execute(world)
  await deleteObjects(dataOf(world), world.keys('processed/'))
  world.removeRaw('a.jsonl')
  const { length } = world.writes
  expect(await execute(world, { dryRun: true })).toMatchObject({ status: 'failed', error: 'DamagedDay' })
  expect(world.writes).toHaveLength(length)
  expect(await execute(world)).toMatchObject({ status: 'failed', error: 'DamagedDay' })
  const { attempt } = (await readAttempt(dataOf(world), DAY))!
  expect(attempt).toMatchObject({ kind: 'extend', why: 'not decided' })
  expect(await execute(world)).toMatchObject({ status: 'stuck', error: 'DamagedDay', jobs: 0 })
  // It is the same failure.
  expect(await execute(world, { mode: 'failed' })).toMatchObject({ status: 'failed', error: 'DamagedDay' })
  expect((await readAttempt(dataOf(world), DAY))!.attempt).toEqual(attempt)
  expect(await execute(world)).toMatchObject({ status: 'stuck', error: 'DamagedDay' })
  expect(await isOutstanding(world)).toBe(true)
  world.putRaw('a.jsonl', ['a1'])
  expect(await execute(world)).toMatchObject({ status: 'published' })
  expect(await isOutstanding(world)).toBe(false)
})

test('a failed day that is accepted stays quiet until something changes', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', BAD)
  expect(await execute(world, { mode: 'accept' })).toMatchObject({ status: 'not-failed' })
  await execute(world)
  expect(await execute(world, { mode: 'accept', dryRun: true })).toMatchObject({ status: 'planned' })
  expect(await execute(world, { mode: 'accept' })).toMatchObject({ status: 'accepted', jobs: 0 })
  expect(await isOutstanding(world)).toBe(false)
  for (const mode of ['changed', 'failed', 'accept'] as const)
    expect(await execute(world, { mode })).toMatchObject({ status: 'accepted', jobs: 0 })
  expect(await isOutstanding(world)).toBe(false)
  world.putRaw('b.jsonl', ['b1', 'b2', 'b3', 'b4', 'b5', 'b6'])
  expect(await execute(world)).toMatchObject({ status: 'published' })
  expect(await visibleIds(world)).toHaveLength(7)
})

test('what has made a day outstanding since an execution ended is not its to remove', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', BAD)
  await execute(world)
  const endedAt = new Date(Date.now() - 60_000).toISOString()
  const published = { ...DAY, status: 'published', why: '', endedAt } as const
  await keepOutstanding(dataOf(world), [published], { execution: 'other', now: tick() })
  expect(await isOutstanding(world)).toBe(true)
})

test('an execution of other days looks at outstanding ones, of the datasets that it is for', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', BAD)
  await execute(world)
  const itemsOf = async (input: object) => {
    const { ledger } = world.process('plan', 'arn')
    const event = { execution: { arn: 'arn', name: 'run' }, startedAt: '2024-05-01T00:00:00Z', input }
    const { count } = await planExecution(event, { ledger, deployment: DEPLOYMENT, maxConcurrency: 1 })
    return count
  }
  const range = { from: '2024-04-01', to: '2024-04-01' }
  expect(await itemsOf(range)).toBe(2)
  expect(await itemsOf({ ...range, datasets: ['jobs'] })).toBe(2)
  for (const more of [{ mode: 'rebuild' }, { mode: 'failed' }, { mode: 'accept' }, { dryRun: true }])
    expect(await itemsOf({ ...range, ...more })).toBe(1)
})
