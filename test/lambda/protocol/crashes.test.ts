import { describe, expect, test } from 'vitest'
import { deleteObjects } from '../../../lambda/aws/objects.ts'
import type { SweptDay } from '../../../lambda/ledger/sweep.ts'
import { plan as planExecution } from '../../../lambda/planning/plan.ts'
import {
  addPartition,
  endRun,
  LATER,
  plan,
  publish,
  publishedOf,
  runDay,
  startRun,
  visibleIds,
  work,
  type DayRunOptions,
} from '../support/run-day.ts'
import { DAY, DEPLOYMENT, HELD, OVER, startWorld, type World } from '../support/world.ts'

const PARTITION = 'processed/jobs/day_partition=2024-01-02/'

interface Scenario {
  readonly name: string
  /** Leads to the moment before the publish that is cut off. */
  readonly before: (world: World) => Promise<void>
  readonly options?: DayRunOptions
  readonly ids: readonly string[]
}

const scenarios: readonly Scenario[] = [
  {
    name: 'the first publish of a day',
    before: (world) => {
      world.putRaw('a.jsonl', ['a1', 'a2', 'bad'])
      return Promise.resolve()
    },
    ids: ['a1', 'a2'],
  },
  {
    name: 'an extension that fills a part and begins another',
    before: async (world) => {
      world.putRaw('a.jsonl', ['a1'])
      await runDay(world)
      await addPartition(world)
      world.putRaw('b.jsonl', [...TWELVE, 'bad'])
    },
    ids: ['a1', 'i00', 'i01', 'i02', 'i03', 'i04', 'i05', 'i06', 'i07', 'i08', 'i09', 'i10', 'i11'],
  },
  {
    name: 'a rebuild with fewer parts',
    before: async (world) => {
      world.putRaw('a.jsonl', [...TWELVE, 'bad'])
      await runDay(world)
      await addPartition(world)
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
      await addPartition(world)
    },
    options: { at: LATER },
    ids: ['b1', 'c1', 'i00', 'i01', 'i02', 'i03', 'i04', 'i05', 'i06', 'i07', 'i08', 'i09'],
  },
]

const TWELVE = Array.from({ length: 12 }, (_, index) => `i${String(index).padStart(2, '0')}`)

/** Plans, works and publishes; the publisher dies at its k-th write. True when it died. */
async function publishUntil(world: World, scenario: Scenario, k: number): Promise<boolean> {
  const run = startRun(world, { ...scenario.options, caller: 'publisher' })
  const order = await work(run, await plan(run))
  world.dieAfter('publisher', k)
  const died = await publish(run, order).then(
    () => false,
    () => true,
  )
  world.running.clear()
  return died
}

/** What the next execution does, whatever days it is for: Plan finishes what is open. */
async function nextPlan(world: World, caller: string, leaseSeconds = OVER) {
  const arn = `arn:execution:${caller}`
  const { ledger } = world.process(caller, arn, leaseSeconds)
  const execution = { arn, name: caller }
  const swept: SweptDay[] = []
  const input = { from: '2020-01-01', to: '2020-01-01' }
  const output = await planExecution(
    { execution, startedAt: '2024-01-02T13:00:00Z', input },
    { ledger, deployment: DEPLOYMENT, maxConcurrency: 1, onSwept: (day) => swept.push(day) },
  )
  return { output, swept }
}

async function expectMended(world: World, { ids, options }: Scenario): Promise<void> {
  await runDay(world, options)
  expect(await visibleIds(world)).toEqual(ids)
  const { parts, rejects } = await publishedOf(world)
  expect(world.keys(PARTITION)).toEqual(parts.map(({ key }) => key))
  expect(world.keys('rejected/')).toEqual(rejects.map(({ key }) => key))
  const partition = (await world.glue.catalog.table('jobs')).partitions.get(DAY.date)
  if (partition) expect(partition.descriptor.Location).toBe(`s3://data/${PARTITION}`)
  // Nothing is left to be done.
  expect(await runDay(world, options)).toMatchObject({ status: 'unchanged' })
}

/** Worlds in which a publisher has died at its first write, at its second, and so on until it does not die. */
async function* cutWorlds(scenario: Scenario) {
  for (let k = 1, died = true; died; k++) {
    const world = await startWorld()
    await scenario.before(world)
    died = await publishUntil(world, scenario, k)
    yield { world, died, k }
  }
}

describe.each(scenarios)('$name', (scenario) => {
  test('is mended by the next Plan, wherever the publisher died', async () => {
    let cuts = 0
    for await (const { world, k } of cutWorlds(scenario)) {
      await nextPlan(world, 'next')
      await expectMended(world, scenario)
      expect(world.keys('state/_open/')).toEqual([])
      cuts = k
    }
    expect(cuts).toBeGreaterThan(5)
  })
})

const [, extension, rebuild, , consolidation] = scenarios as [
  Scenario,
  Scenario,
  Scenario,
  Scenario,
  Scenario,
]

describe.each([extension, rebuild])('$name', (scenario) => {
  test('is mended by the same day alone, wherever the publisher died', async () => {
    for await (const { world } of cutWorlds(scenario)) await expectMended(world, scenario)
  })

  test('is finished by a retry of the same publish, wherever it died', async () => {
    for (let k = 1, isCut = true; isCut; k++) {
      const world = await startWorld()
      await scenario.before(world)
      const run = startRun(world, { caller: 'publisher', leaseSeconds: HELD })
      const order = await work(run, await plan(run))
      world.dieAfter('publisher', k)
      isCut = await publish(run, order).then(
        () => false,
        () => true,
      )
      const retried = { ...run, context: { ...run.context, ...world.process('retry', run.arn) } }
      expect(await publish(retried, order)).toMatchObject({ won: true, outcome: { status: 'published' } })
      expect(world.keys('state/_open/')).toEqual([])
      endRun(run)
      await expectMended(world, scenario)
    }
  })
})

test('whoever mends a day may die as well', async () => {
  for (let k = 1, isCut = true; isCut; k++) {
    const world = await startWorld()
    await rebuild.before(world)
    await publishUntil(world, rebuild, 4)
    world.dieAfter('second', k)
    // Plan passes over an intent that it cannot finish, and dies of its own items.
    isCut = await nextPlan(world, 'second').then(
      () => false,
      () => true,
    )
    await nextPlan(world, 'third')
    await expectMended(world, rebuild)
  }
})

test.each([extension, rebuild, consolidation])(
  '$name stands as it did before when its staged files are gone',
  async (scenario) => {
    for await (const { world, died } of cutWorlds(scenario)) {
      const { generation } = await publishedOf(world)
      const { ledger } = world.process('lifecycle', 'lifecycle')
      await deleteObjects(ledger.data, world.keys('staging/'))
      const { swept } = await nextPlan(world, 'next')
      if (swept.some(({ end }) => end === 'given-up')) {
        expect((await publishedOf(world)).generation).toBe(generation)
        const { parts } = await publishedOf(world)
        expect(world.keys(PARTITION)).toEqual(parts.map(({ key }) => key))
      }
      await expectMended(world, scenario)
      if (!died) break
    }
  },
)

test('an intent under lease is nobody else’s: a scheduled run leaves the day, a manual one waits', async () => {
  const world = await startWorld()
  const [scenario] = scenarios
  await scenario!.before(world)
  await publishUntil(world, scenario!, 3)
  const lease = { leaseSeconds: 1e9 }
  const { swept } = await nextPlan(world, 'next', lease.leaseSeconds)
  expect(swept).toMatchObject([{ ...DAY, end: 'in-progress' }])
  const { length } = world.writes
  expect(await plan(startRun(world, { ...lease, scheduled: true }))).toMatchObject({
    action: 'done',
    outcome: { status: 'busy' },
  })
  expect(await plan(startRun(world, lease))).toMatchObject({ action: 'wait', outcome: { status: 'busy' } })
  expect(world.writes).toHaveLength(length)
  expect(await plan(startRun(world))).toMatchObject({ action: 'done', outcome: { status: 'published' } })
})

test('a day that Plan had to give up joins the items of its execution', async () => {
  const world = await startWorld()
  const [scenario] = scenarios
  await scenario!.before(world)
  // Its entry and its intent are written, nothing is copied.
  await publishUntil(world, scenario!, 2)
  const { ledger } = world.process('lifecycle', 'lifecycle')
  await deleteObjects(ledger.data, world.keys('staging/'))
  const { output, swept } = await nextPlan(world, 'next')
  expect(swept).toMatchObject([{ ...DAY, end: 'given-up' }])
  expect(output.count).toBe(2)
})
