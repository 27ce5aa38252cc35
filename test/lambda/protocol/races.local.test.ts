import { expect, test } from 'vitest'
import {
  endDay,
  endRun,
  plan,
  publish,
  publishedOf,
  runDay,
  startRun,
  visibleIds,
  work,
} from '../../support/lambda/run-day.ts'
import { cuts } from '../../support/lambda/cuts.ts'
import { startWorld } from '../../support/lambda/world.ts'

const PARTITION = 'processed/jobs/day_partition=2024-01-02/'

test('of two executions that plan a day at once, one works and the other waits', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const runs = [startRun(world, { caller: 'one' }), startRun(world, { caller: 'two' })]
  const planned = await Promise.all(runs.map((run) => plan(run)))
  expect(planned.map(({ action }) => action).sort()).toEqual(['process', 'wait'])
})

test('the schedule leaves a day that is being worked on', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const first = startRun(world)
  await plan(first)
  const second = startRun(world, { scheduled: true })
  expect(await plan(second)).toMatchObject({ action: 'done', outcome: { status: 'busy' } })
  endRun(first)
  expect(await plan(second)).toMatchObject({ action: 'process' })
})

test.each(['changed', 'failed'] as const)(
  'mode %s takes a day that has failed from an execution that still works on others',
  async (mode) => {
    const world = await startWorld()
    world.putRaw('a.jsonl', ['a1'])
    const first = startRun(world)
    await plan(first)
    const second = startRun(world, { mode })
    expect(await plan(second)).toMatchObject({ action: 'wait' })
    endDay(first)
    expect(await plan(second)).toMatchObject({ action: 'process' })
  },
)

test('a day is not busy with what the own execution has begun', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const run = startRun(world)
  const planned = await plan(run)
  const again = await plan(run)
  expect(again.action).toBe('process')
  expect(again).not.toEqual(planned)
})

test.each(['extend', 'rebuild'])(
  'of two that publish an %s at once, one wins and the other plans again',
  async (kind) => {
    for (let round = 0; round < 4; round++) {
      const world = await startWorld()
      world.putRaw('a.jsonl', ['a1', 'bad'])
      await runDay(world)
      world.putRaw(kind === 'extend' ? 'b.jsonl' : 'a.jsonl', ['b1', 'b2'])
      const one = startRun(world, { caller: 'one', leaseSeconds: 1e9 })
      const first = await work(one, await plan(one))
      // Its execution looks finished, but is not.
      endRun(one)
      const two = startRun(world, { caller: 'two', leaseSeconds: 1e9 })
      const second = await work(two, await plan(two))
      const results = await Promise.all([publish(one, first), publish(two, second)])
      expect(results.map(({ won }) => won).sort()).toEqual([false, true])
      expect(await visibleIds(world)).toEqual(kind === 'extend' ? ['a1', 'b1', 'b2'] : ['b1', 'b2'])
      const loser = results[0].won ? two : one
      expect(await plan(loser, 1)).toMatchObject({ action: 'done', outcome: { status: 'unchanged' } })
      const { parts, generation } = await publishedOf(world)
      expect(generation).toBe(2)
      expect(world.keys(PARTITION)).toEqual(parts.map(({ key }) => key))
      expect(world.keys('state/_open/')).toEqual([])
    }
  },
)

test('whoever lost extends further by what has come since', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const one = startRun(world)
  const first = await work(one, await plan(one))
  endRun(one)
  world.putRaw('b.jsonl', ['b1'])
  const two = startRun(world)
  const second = await work(two, await plan(two))
  expect(await publish(one, first)).toMatchObject({ won: true })
  expect(await publish(two, second)).toEqual({ won: false })
  const again = await work(two, await plan(two, 1))
  expect(await publish(two, again)).toMatchObject({
    won: true,
    outcome: { kind: 'extend', processed: { files: 1 } },
  })
  expect(await visibleIds(world)).toEqual(['a1', 'b1'])
})

test('a lost answer to any write changes nothing', async () => {
  for (const k of cuts(0, { stride: 3 })) {
    const world = await startWorld()
    world.putRaw('a.jsonl', ['a1'])
    await runDay(world)
    world.putRaw('a.jsonl', ['a2'])
    const run = startRun(world, { caller: 'publisher' })
    const order = await work(run, await plan(run))
    const operation = /^(Put|Copy|Delete|Update)/
    world.faults.add({ accessKeyId: 'publisher', operation, nth: k, fault: { kind: 'lose-answer' } })
    expect(await publish(run, order)).toMatchObject({ won: true })
    expect(await visibleIds(world)).toEqual(['a2'])
    const { parts } = await publishedOf(world)
    expect(world.keys(PARTITION)).toEqual(parts.map(({ key }) => key))
    expect(world.keys('state/_open/')).toEqual([])
    if (world.faults.happened.length === 0) return
  }
})
