import { expect, test } from 'vitest'
import type { Call } from '@dayfold/local-aws/faults'
import { latch } from '@dayfold/local-aws/test-support/latch'
import { beforePublish, type Beginning } from '../../support/lambda/cut-publish.ts'
import { cuts } from '../../support/lambda/cuts.ts'
import { partitionLocation } from '../../support/lambda/partition-location.ts'
import { endRun, LATER, publish, publishedOf, runDay, visibleIds } from '../../support/lambda/run-day.ts'
import type { World } from '../../support/lambda/world.ts'

const PARTITION = 'processed/jobs/day_partition=2024-01-02/'

/** Stops a caller once, after its k-th write, until it is woken. */
function sleeper(world: World, caller: string, k: number) {
  const asleep = latch()
  const awake = latch()
  let left = k
  world.afterWrite = async (call: Call) => {
    if (call.caller.accessKeyId !== caller || --left !== 0) return
    asleep.open()
    await awake.opened
  }
  return { asleep: asleep.opened, wake: awake.open }
}

async function expectWhole(world: World, ids: readonly string[]): Promise<void> {
  expect(await visibleIds(world)).toEqual(ids)
  const { parts, rejects } = await publishedOf(world)
  expect(world.keys(PARTITION)).toEqual(parts.map(({ key }) => key))
  expect(world.keys('rejected/')).toEqual(expect.arrayContaining(rejects.map(({ key }) => key)))
  expect(await partitionLocation(world)).toBe(`s3://data/${PARTITION}`)
}

const TWELVE = Array.from({ length: 12 }, (_, index) => `i${String(index).padStart(2, '0')}`)

/** Acts of others while it sleeps, until its lease is over and beyond. */
const meanwhile = {
  'another execution finishes its publish': async (world: World) => {
    await runDay(world, { caller: 'other' })
  },
  'its publish is finished and the day rebuilt': async (world: World) => {
    await runDay(world, { caller: 'other' })
    world.putRaw('a.jsonl', ['other', 'bad'])
    await runDay(world, { caller: 'other' })
  },
  'its publish is finished, extended and consolidated': async (world: World) => {
    await runDay(world, { caller: 'other' })
    world.putRaw('x.jsonl', ['x1'])
    await runDay(world, { caller: 'other' })
    await runDay(world, { caller: 'other', at: LATER })
  },
}

/** Makes a beginning: a day is published, then its raw files change. */
function grown(ids: readonly string[], change: (world: World) => void): Beginning {
  return {
    async before(world) {
      world.putRaw('a.jsonl', ids)
      await runDay(world)
      change(world)
    },
  }
}

const works = {
  extension: grown(['a1', 'bad'], (world) => world.putRaw('b.jsonl', [...TWELVE, 'bad2'])),
  rebuild: grown(['a1', 'bad'], (world) => world.putRaw('a.jsonl', ['a2', 'bad2'])),
}

const [finished, rebuilt, consolidated] = Object.keys(meanwhile) as (keyof typeof meanwhile)[]
const cases: { kind: keyof typeof works; then: keyof typeof meanwhile; story: number }[] = [
  { kind: 'extension', then: rebuilt!, story: 0 },
  { kind: 'extension', then: consolidated!, story: 1 },
  { kind: 'rebuild', then: finished!, story: 0 },
  { kind: 'rebuild', then: rebuilt!, story: 1 },
  { kind: 'rebuild', then: consolidated!, story: 2 },
]

test.each(cases)(
  '$kind: a publisher that sleeps while $then changes nothing',
  async ({ kind, then, story }) => {
    for (const k of cuts(story)) {
      const { world, run, order } = await beforePublish(works[kind], { caller: 'sleeper' })
      const { asleep, wake } = sleeper(world, 'sleeper', k)
      const published = publish(run, order)
      const slept = await Promise.race([asleep.then(() => true), published.then(() => false)])
      endRun(run)
      await meanwhile[then](world)
      const ids = await visibleIds(world)
      const before = await publishedOf(world)
      wake()
      const { won } = await published
      // Others may have published again since it won, before it takes the day home.
      if (before.execution === run.arn) expect(won).toBe(true)
      expect(await publishedOf(world)).toEqual(before)
      await expectWhole(world, ids)
      const { status } = await runDay(world, { at: LATER })
      expect(['unchanged', 'published']).toContain(status)
      expect(await visibleIds(world)).toEqual(ids)
      // The rejects that it has put beside those of others go when the day is next replaced.
      await runDay(world, { mode: 'rebuild' })
      const { rejects } = await publishedOf(world)
      expect(world.keys('rejected/')).toEqual(rejects.map(({ key }) => key))
      if (!slept) break
    }
  },
)
