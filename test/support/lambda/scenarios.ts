import { expect } from 'vitest'
import type { SweptDay } from '../../../lambda/ledger/sweep.ts'
import { plan as planExecution } from '../../../lambda/planning/plan.ts'
import type { Scenario } from './cut-publish.ts'
import { partitionLocation } from './partition-location.ts'
import { LATER, publishedOf, runDay, visibleIds } from './run-day.ts'
import { DEPLOYMENT } from './dataset.ts'
import { OVER, startWorld, type World } from './world.ts'

export const PARTITION = 'processed/jobs/day_partition=2024-01-02/'

/** In order: a first publish, an extension, two rebuilds, a consolidation. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'the first publish of a day',
    before: (world) => world.putRaw('a.jsonl', ['a1', 'a2', 'bad']),
    ids: ['a1', 'a2'],
  },
  {
    name: 'an extension that fills a part and begins another',
    before: async (world) => {
      world.putRaw('a.jsonl', ['a1'])
      await runDay(world)
      world.putRaw('b.jsonl', [...TWELVE, 'bad'])
    },
    ids: ['a1', 'i00', 'i01', 'i02', 'i03', 'i04', 'i05', 'i06', 'i07', 'i08', 'i09', 'i10', 'i11'],
  },
  {
    name: 'a rebuild with fewer parts',
    before: async (world) => {
      world.putRaw('a.jsonl', [...TWELVE, 'bad'])
      await runDay(world)
      world.putRaw('a.jsonl', ['a1', 'bad'])
    },
    ids: ['a1'],
  },
  {
    name: 'a rebuild of a day that the catalog does not have',
    before: async (world) => {
      world.putRaw('a.jsonl', ['a1', 'bad'])
      await runDay(world)
      world.putRaw('a.jsonl', ['a2'])
    },
    ids: ['a2'],
  },
  {
    name: 'a consolidation',
    before: async (world) => {
      world.putRaw('a.jsonl', TWELVE.slice(0, 10))
      await runDay(world)
      world.putRaw('b.jsonl', ['b1', 'bad'])
      await runDay(world)
      world.putRaw('c.jsonl', ['c1'])
      await runDay(world)
    },
    options: { at: LATER },
    ids: ['b1', 'c1', 'i00', 'i01', 'i02', 'i03', 'i04', 'i05', 'i06', 'i07', 'i08', 'i09'],
  },
]

const TWELVE = Array.from({ length: 12 }, (_, index) => `i${String(index).padStart(2, '0')}`)

/** Starts a world whose day was rebuilt away from home, from `a1` to `a2`: queries may still be about to read `a1`. */
export async function startAway(): Promise<World> {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  world.putRaw('a.jsonl', ['a2'])
  await runDay(world, { graceSeconds: 1e9 })
  return world
}

/** Runs Plan of the next execution, for whatever days: it finishes publishes that are open. */
export async function nextPlan(world: World, caller: string, leaseSeconds = OVER) {
  const arn = `arn:execution:${caller}`
  const { ledger } = world.process(caller, arn, { leaseSeconds })
  const execution = { arn, name: caller }
  const swept: SweptDay[] = []
  const input = { from: '2020-01-01', to: '2020-01-01' }
  const output = await planExecution(
    { execution, startedAt: '2024-01-02T13:00:00Z', input },
    { ledger, deployment: DEPLOYMENT, maxConcurrency: 1, onSwept: (day) => swept.push(day) },
  )
  return { output, swept }
}

export async function expectMended(world: World, { ids, options }: Scenario): Promise<void> {
  await runDay(world, options)
  expect(await visibleIds(world)).toEqual(ids)
  const { parts, rejects } = await publishedOf(world)
  expect(world.keys(PARTITION)).toEqual(parts.map(({ key }) => key))
  expect(world.keys('rejected/')).toEqual(rejects.map(({ key }) => key))
  const location = await partitionLocation(world)
  if (location !== undefined) expect(location).toBe(`s3://data/${PARTITION}`)
  // No work is left.
  expect(await runDay(world, options)).toMatchObject({ status: 'unchanged' })
}
