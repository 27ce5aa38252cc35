import { expect, test } from 'vitest'
import { placeKey, progressKey } from '../../../core/layout.ts'
import { decodeProgress } from '../../../core/run-documents.ts'
import { readDocument } from '../../../aws/objects.ts'
import { putObject } from '../../../aws/write-objects.ts'
import { takePlace } from '../../../lambda/ledger/places.ts'
import { DATASET } from '../../support/lambda/dataset.ts'
import {
  endDay,
  endRun,
  plan,
  publish,
  runDay,
  startRun,
  visibleIds,
  work,
  type DayRun,
  type DayRunOptions,
} from '../../support/lambda/run-day.ts'
import { fileOf, startWorld, type World } from '../../support/lambda/world.ts'

const dayOf = (number: number) => ({ dataset: 'jobs', date: `2024-01-0${number}` })

/** Starts a world with raw files of some days. */
async function worldOf(days: number): Promise<World> {
  const world = await startWorld()
  for (let day = 1; day <= days; day++) world.putRaw('a.jsonl', [`a${day}`], dayOf(day))
  return world
}

/** Starts an execution on a day of the dataset, `count` of whose days may be worked on at once. */
function limited(world: World, number: number, count = 1, options: DayRunOptions = {}): DayRun {
  const run = startRun(world, { ...options, day: dayOf(number), caller: options.caller ?? `day-${number}` })
  return { ...run, context: { ...run.context, dataset: { ...DATASET, maxConcurrency: count } } }
}

const held = (world: World) =>
  world.keys('state/_places/').map((key) => {
    return (JSON.parse(fileOf(world, key).toString()) as { date: string }).date.slice(-1)
  })

const WAITS = { action: 'wait', outcome: { status: 'busy', why: 'for the place of jobs' } }

test('a day waits until another one of its dataset, of another execution, is published', async () => {
  const world = await worldOf(2)
  const [one, two] = [limited(world, 1), limited(world, 2)]
  const order = await work(one, await plan(one))
  expect(await plan(two)).toMatchObject(WAITS)
  const { data } = two.context.ledger
  const progress = await readDocument(
    data,
    progressKey(two.input.execution.name, 'jobs', '2024-01-02'),
    decodeProgress,
  )
  expect(progress).toMatchObject({ phase: 'waiting', why: 'for the place of jobs' })
  expect(await publish(one, order)).toMatchObject({ won: true })
  expect(held(world)).toEqual([])
  expect(await plan(two)).toMatchObject({ action: 'process' })
  expect(held(world)).toEqual(['2'])
})

test('a day of a scheduled run waits for a place, and leaves one that another execution works on', async () => {
  const world = await worldOf(2)
  await plan(limited(world, 1))
  expect(await plan(limited(world, 2, 1, { scheduled: true }))).toMatchObject(WAITS)
  const busy = {
    action: 'done',
    outcome: { status: 'busy', why: expect.stringContaining('is working on it') as string },
  }
  expect(await plan(limited(world, 1, 1, { scheduled: true, caller: 'other' }))).toMatchObject(busy)
  expect(held(world)).toEqual(['1'])
})

test('a child that has ended leaves its place to the next', async () => {
  const world = await worldOf(3)
  const runs = [1, 2, 3].map((day) => limited(world, day, 2))
  for (const run of runs.slice(0, 2)) await plan(run)
  expect(await plan(runs[2]!)).toMatchObject({ outcome: { why: 'for one of the 2 places of jobs' } })
  endDay(runs[1]!)
  expect(await plan(runs[2]!)).toMatchObject({ action: 'process' })
  expect(held(world).sort()).toEqual(['1', '3'])
})

test('of many that look for a place at once, as many get one as there are', async () => {
  const world = await worldOf(8)
  const runs = [1, 2, 3, 4, 5, 6, 7, 8].map((day) => limited(world, day, 3))
  const answers = await Promise.all(runs.map((run) => plan(run)))
  expect(answers.filter(({ action }) => action === 'process')).toHaveLength(3)
  expect(held(world)).toHaveLength(3)
})

test('of two that take over a place at once, one gets it', async () => {
  const world = await worldOf(3)
  const dead = limited(world, 1)
  await plan(dead)
  endRun(dead)
  const answers = await Promise.all([plan(limited(world, 2)), plan(limited(world, 3))])
  expect(answers.map(({ action }) => action).sort()).toEqual(['process', 'wait'])
})

test('a day that is planned again keeps its place, and its old attempt does not give it back', async () => {
  const world = await worldOf(2)
  const run = limited(world, 1, 2)
  const first = await work(run, await plan(run))
  expect(await plan(run, 1)).toMatchObject({ action: 'process' })
  expect(held(world)).toEqual(['1'])
  await publish(run, first)
  expect(held(world)).toEqual(['1'])
})

test('a publish that is lost to another execution gives back no place: its day is planned again', async () => {
  const world = await worldOf(1)
  const run = limited(world, 1)
  const order = await work(run, await plan(run))
  // Its execution looks finished, but is not.
  world.running.clear()
  expect(await runDay(world, { day: dayOf(1) })).toMatchObject({ status: 'published' })
  expect(await publish(run, order)).toEqual({ won: false })
  expect(held(world)).toEqual(['1'])
  expect(await visibleIds(world, dayOf(1))).toEqual(['a1'])
})

test('a place that cannot be read, or is of a deployment that has gone, is taken over', async () => {
  const world = await worldOf(1)
  const run = limited(world, 1)
  const { data } = run.context.ledger
  const foreign = {
    dataset: 'jobs',
    date: '2024-01-09',
    nonce: 'x',
    child: 'arn:aws:states:us-east-1:0:execution:x/Day:1',
  }
  for (const body of [
    'no JSON',
    '{"child":1}',
    JSON.stringify({ ...foreign, child: '' }),
    JSON.stringify(foreign),
  ]) {
    await putObject(data, placeKey('jobs', 0), body)
    expect(await plan(run)).toMatchObject({ action: 'process' })
    expect(held(world)).toEqual(['1'])
  }
})

test('a lost answer to any write loses no place and takes no second one', async () => {
  for (let k = 1, isCut = true; isCut; k++) {
    const world = await worldOf(1)
    const run = limited(world, 1, 2, { caller: 'planner' })
    world.faults.add({
      accessKeyId: 'planner',
      operation: /^(Put|Delete)/,
      nth: k,
      fault: { kind: 'lose-answer' },
    })
    const order = await work(run, await plan(run))
    expect(held(world)).toEqual(['1'])
    expect(await publish(run, order)).toMatchObject({ won: true })
    expect(held(world)).toEqual([])
    isCut = world.faults.happened.length > 0
  }
})

test('a day whose claim another execution wins gives its place back', async () => {
  const world = await worldOf(1)
  const [one, two] = [limited(world, 1, 2, { caller: 'one' }), limited(world, 1, 2, { caller: 'two' })]
  const answers = await Promise.all([plan(one), plan(two)])
  expect(answers.map(({ action }) => action).sort()).toEqual(['process', 'wait'])
  expect(held(world)).toEqual(['1'])
})

test('of many places every holder is asked about in the end, ten at a call', async () => {
  const world = await startWorld()
  const { data } = world.process('test', 'test').ledger
  const child = (index: number) => `arn:aws:states:us-east-1:0:execution:dayfold/Day:${index}`
  const holder = (index: number) => ({ ...dayOf(1), child: child(index), nonce: String(index) })
  const asked: string[] = []
  const isRunning = (arn: string) => Promise.resolve(asked.push(arn) > 0 && arn !== child(13))
  const places = { data, isRunning, count: 15 }
  for (let index = 0; index < 15; index++)
    await putObject(data, placeKey('jobs', index), JSON.stringify(holder(index)))
  expect(await takePlace(places, holder(99), 0)).toBe(false)
  expect(asked).toHaveLength(10)
  expect(await takePlace(places, holder(99), 1)).toBe(true)
  expect(JSON.parse(fileOf(world, placeKey('jobs', 13)).toString())).toEqual(holder(99))
})

test('a dataset without the setting pays nothing', async () => {
  const world = await worldOf(1)
  const run = startRun(world, { day: dayOf(1) })
  await publish(run, await work(run, await plan(run)))
  expect(JSON.stringify(world.writes)).not.toContain('_places')
})
