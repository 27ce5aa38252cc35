import { describe, expect, test } from 'vitest'
import { readAttempt } from '../../../aws/day-state.ts'
import { putObject } from '../../../aws/write-objects.ts'
import { attemptKey, manifestKey, reportKey } from '../../../core/layout.ts'
import type { Mode } from '../../../core/modes.ts'
import { readWorkOrder } from '../../../lambda/publishing/finished-work.ts'
import { recordFailures, removeUnreadableAttempts } from '../../../lambda/results/record-failures.ts'
import { GARBAGE, ZIPPED_GARBAGE } from '../../support/garbage.ts'
import { endRun, plan, publish, runDay, startRun, visibleIds, work } from '../../support/lambda/run-day.ts'
import { nextPlan } from '../../support/lambda/scenarios.ts'
import { DAY, HELD, startWorld, type World } from '../../support/lambda/world.ts'

const OTHER = { ...DAY, date: '2024-01-03' }
const ATTEMPT = attemptKey(DAY.dataset, DAY.date)
const dataOf = (world: World) => world.process('test', 'arn').ledger.data
/** Returns the input that a message suggests, in the form that an execution gets it. */
const inputFor = (mode: Mode) =>
  `{"from":"${DAY.date}","to":"${DAY.date}","datasets":["${DAY.dataset}"],"mode":"${mode}"}`
const escaped = (text: string) => text.replaceAll(/[{}[\].]/g, '\\$&')
const corrupt = (start: string, mode: Mode) => ({
  code: 'CorruptState',
  message: expect.stringMatching(
    new RegExp(`^${escaped(start)}: expected .*${escaped(inputFor(mode))}$`),
  ) as string,
})

describe.each(GARBAGE)('an attempt that holds %s', (_, garbage) => {
  test('is a failed one: mode failed works on the day, and the next attempt replaces it', async () => {
    const world = await startWorld()
    world.putRaw('a.jsonl', ['a1'])
    await putObject(dataOf(world), ATTEMPT, garbage)
    expect(await runDay(world, { mode: 'failed' })).toMatchObject({ status: 'published' })
    expect(await readAttempt(dataOf(world), DAY)).not.toHaveProperty('problem')
    expect(await visibleIds(world)).toEqual(['a1'])
  })

  test('goes where mode failed finds nothing to do', async () => {
    const world = await startWorld()
    world.putRaw('a.jsonl', ['a1'])
    await runDay(world)
    await putObject(dataOf(world), ATTEMPT, garbage)
    const outcome = await runDay(world, { mode: 'failed' })
    expect(outcome).toMatchObject({ status: 'unchanged' })
    await removeUnreadableAttempts(dataOf(world), [outcome])
    expect(await readAttempt(dataOf(world), DAY)).toBeUndefined()
  })

  test('keeps no other failed day from being recorded', async () => {
    const world = await startWorld()
    await putObject(dataOf(world), ATTEMPT, garbage)
    const failed = [DAY, OTHER].map((day) => ({ ...day, status: 'failed' as const, why: 'E' }))
    const at = '2024-01-05T00:00:00Z'
    await recordFailures(
      dataOf(world),
      failed.map((day) => ({ ...day, failedAt: at, lasts: false })),
      { execution: 'arn', mode: 'changed' },
    )
    expect((await readAttempt(dataOf(world), DAY))?.attempt.error).toContain(`${ATTEMPT}: expected`)
    expect((await readAttempt(dataOf(world), OTHER))?.attempt).toMatchObject({ startedAt: at })
  })
})

test('an attempt that can be read stays, whatever mode failed finds', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const outcome = await runDay(world)
  await removeUnreadableAttempts(dataOf(world), [{ ...outcome, status: 'unchanged' }])
  expect(await readAttempt(dataOf(world), DAY)).toBeDefined()
})

test.each(ZIPPED_GARBAGE)('a manifest that holds %s fails its day by name', async (what, garbage) => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const key = manifestKey(DAY.dataset, DAY.date)
  await putObject(dataOf(world), key, garbage)
  const failure = await runDay(world).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'CorruptState', context: { key } })
  if (!what.startsWith('a newer')) expect(failure).toMatchObject(corrupt(key, 'rebuild'))
})

describe.each(ZIPPED_GARBAGE)('where the work of a day holds %s', (what, garbage) => {
  test.each(['order', 'report'])(
    'in its %s, the day fails by name and mode failed mends it',
    async (kind) => {
      const world = await startWorld()
      world.putRaw('a.jsonl', ['a1'])
      const run = startRun(world)
      const orderKey = await work(run, await plan(run))
      const order = await readWorkOrder(dataOf(world), orderKey)
      const key = kind === 'order' ? orderKey : reportKey(order.staging)
      await putObject(dataOf(world), key, garbage)
      const failure = await publish(run, orderKey).catch((error: unknown) => error)
      if (what.startsWith('a newer')) expect(failure).toMatchObject({ code: 'CorruptState' })
      else expect(failure).toMatchObject(corrupt(key, 'failed'))
      endRun(run)
      expect(await runDay(world, { mode: 'failed' })).toMatchObject({ status: 'published' })
      expect(await visibleIds(world)).toEqual(['a1'])
    },
  )
})

describe.each(GARBAGE)('an entry of an open intent that holds %s', (_, garbage) => {
  const key = `state/_open/${DAY.dataset}/${DAY.date}`

  test('goes when its lease is over, and keeps no day from being published', async () => {
    const world = await startWorld()
    world.putRaw('a.jsonl', ['a1'])
    await putObject(dataOf(world), key, garbage)
    const { swept } = await nextPlan(world, 'next')
    expect(swept).toMatchObject([{ ...DAY, end: 'none' }])
    expect(world.keys('state/_open/')).toEqual([])
    expect(await runDay(world)).toMatchObject({ status: 'published' })
  })

  test('stays before: it may be of a living writer', async () => {
    const world = await startWorld()
    await putObject(dataOf(world), key, garbage)
    const { swept } = await nextPlan(world, 'next', HELD)
    expect(swept).toMatchObject([{ ...DAY, end: 'in-progress' }])
    expect(world.keys('state/_open/')).toEqual([key])
  })
})
