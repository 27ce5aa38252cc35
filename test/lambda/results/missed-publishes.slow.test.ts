import { SYSTEM_CLOCK } from '@dayfold/local-aws/clock'
import { expect, test } from 'vitest'
import { headManifest } from '../../../aws/day-state.ts'
import { putObject } from '../../../aws/write-objects.ts'
import { decodeFacts, encodeFacts, type DatedOutcome } from '../../../core/dataset-facts.ts'
import { factsKey, manifestKey } from '../../../core/layout.ts'
import type { DayOutcome } from '../../../core/messages.ts'
import { sweepOpenIntents } from '../../../lambda/ledger/sweep.ts'
import { tellDataState } from '../../../lambda/results/data-state.ts'
import { ZIPPED_GARBAGE } from '../../support/garbage.ts'
import { publishUntil } from '../../support/lambda/cut-publish.ts'
import { DEPLOYMENT } from '../../support/lambda/dataset.ts'
import { endRun, plan, publishedOf, runDay, startRun, work } from '../../support/lambda/run-day.ts'
import { DAY, fileOf, OVER, startWorld, type World } from '../../support/lambda/world.ts'

const NOW = '2024-01-02T18:00:00Z'

/** Starts a world in January 2024, in which facts of the days before are known. */
async function startInJanuary() {
  const shift = Date.parse(NOW) - Date.now()
  const clock = { ...SYSTEM_CLOCK, now: () => Date.now() + shift, ahead: shift }
  const world = await startWorld({ clock })
  const { data } = world.process('collect', 'arn').ledger
  await putObject(data, factsKey('jobs'), encodeFacts({ since: '2024-01-01T00:00:00Z', days: {} }))
  return world
}

const factsOf = (world: World) => decodeFacts(fileOf(world, factsKey('jobs')), 'key')
async function tell(world: World, outcomes: readonly DatedOutcome[]): Promise<string[]> {
  const { data } = world.process('collect', 'arn').ledger
  const problems: string[] = []
  await tellDataState(outcomes, {
    data,
    deployment: DEPLOYMENT,
    now: NOW,
    onState: () => undefined,
    onProblem: ({ message }) => problems.push(message),
  })
  return problems
}

const ended = (outcome: DayOutcome): DatedOutcome => ({ ...outcome, at: '2024-01-02T17:00:00Z' })

/** Publishes a day; the publisher dies once it has announced the publish. */
async function diePublishing(world: World): Promise<void> {
  const run = startRun(world, { caller: 'publisher' })
  const order = await work(run, await plan(run))
  expect(await publishUntil({ world, run, order }, 5)).toBe(true)
  endRun(run)
  const head = await headManifest(world.process('test', 'test').ledger.data, DAY)
  expect(head?.metadata).toMatchObject({ intent: 'yes', generation: '0' })
}

test.each<[string, (world: World) => Promise<unknown>]>([
  ['whose execution ended before Collect', (world) => runDay(world)],
  [
    'that the sweep has finished',
    async (world) => {
      await diePublishing(world)
      await sweepOpenIntents(world.process('plan', 'arn', { leaseSeconds: OVER }).ledger)
    },
  ],
  ['that PlanDay finishes', diePublishing],
])('new data of a publish %s is told once, with its counts, by the next execution', async (_, publish) => {
  const world = await startInJanuary()
  world.putRaw('a.jsonl', ['a1', 'a2', 'drop'])
  await publish(world)
  const problems = await tell(world, [ended(await runDay(world))])
  const { publishedAt } = await publishedOf(world)
  const facts = {
    since: '2024-01-01T00:00:00Z',
    newDataAt: publishedAt,
    days: { [DAY.date]: { generation: 1, rows: 2, records: 3 } },
  }
  expect(problems).toEqual([])
  expect(factsOf(world)).toMatchObject(facts)
  await tell(world, [ended(await runDay(world))])
  expect(factsOf(world)).toMatchObject(facts)
})

test('a rebuild of the same records brings no new data, whoever tells of it', async () => {
  const world = await startInJanuary()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const { publishedAt } = await publishedOf(world)
  const featureVersion = 'v2'
  await runDay(world, { featureVersion })
  await tell(world, [ended(await runDay(world, { featureVersion }))])
  expect(factsOf(world)).toMatchObject({ newDataAt: publishedAt, days: { [DAY.date]: { generation: 2 } } })
})

test.each(ZIPPED_GARBAGE)(
  'a manifest that holds %s is told of, and other days are known',
  async (_, garbage) => {
    const world = await startInJanuary()
    const { data } = world.process('collect', 'arn').ledger
    await putObject(data, manifestKey('jobs', '2024-01-01'), garbage)
    world.putRaw('a.jsonl', ['a1'])
    await runDay(world)
    const broken = ended({ dataset: 'jobs', date: '2024-01-01', status: 'unchanged', why: '', generation: 1 })
    const gone = { ...broken, date: '2023-12-31' }
    const problems = await tell(world, [gone, broken, ended(await runDay(world))])
    expect(problems).toEqual([expect.stringContaining(manifestKey('jobs', '2024-01-01'))])
    expect(Object.keys(factsOf(world).days)).toEqual([DAY.date])
  },
)
