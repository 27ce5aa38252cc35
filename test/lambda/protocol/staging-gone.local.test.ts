import { expect, test } from 'vitest'
import { deleteObjects } from '../../../aws/write-objects.ts'
import type { DatasetDay } from '../../../core/dataset-day.ts'
import { rollForward } from '../../../lambda/ledger/operations/finish.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'
import type { Service } from '@dayfold/local-aws/service'
import { beforePublish, publishUntil, type Scenario } from '../../support/lambda/cut-publish.ts'
import { cuts } from '../../support/lambda/cuts.ts'
import { endRun, publish, runDay, visibleIds } from '../../support/lambda/run-day.ts'
import { expectMended, scenarios } from '../../support/lambda/scenarios.ts'
import { DAY, OVER, type World } from '../../support/lambda/world.ts'

const [, , rebuild, , consolidation] = scenarios as [Scenario, Scenario, Scenario, Scenario, Scenario]
const TWELVE = Array.from({ length: 12 }, (_, index) => `i${String(index).padStart(2, '0')}`)

const growth: Scenario = {
  name: 'a rebuild with more parts',
  before: async (world) => {
    world.putRaw('a.jsonl', ['a1', 'bad'])
    await runDay(world)
    world.putRaw('a.jsonl', [...TWELVE, 'bad'])
  },
  ids: TWELVE,
}

/** Deletes staged files, as the lifecycle or a person may. */
async function expire(world: World, pattern: RegExp): Promise<void> {
  const { ledger } = world.process('lifecycle', 'lifecycle')
  const gone = world.keys('staging/').filter((key) => pattern.test(key))
  await deleteObjects(ledger.data, gone)
}

/**
 * Returns the rows that readers see while another execution takes the day over: before its first write and after each.
 */
async function seenDuringTakeOver(
  world: World,
): Promise<{ seen: string[][]; end: string; isToldGivenUp: boolean }> {
  const seen = [await visibleIds(world)]
  world.afterWrite = async () => void seen.push(await visibleIds(world))
  const { ledger } = world.process('mender', 'mender', { leaseSeconds: OVER })
  const givenUp: DatasetDay[] = []
  const { kind } = await rollForward({ ...ledger, onGivenUp: (day) => void givenUp.push(day) }, DAY)
  world.afterWrite = undefined
  return { seen, end: kind, isToldGivenUp: givenUp.length > 0 }
}

const ALL = /./
const ONE_PART = /part-\d{5}-\w+-00000\.parquet$/

const cases = [
  { scenario: rebuild, name: rebuild.name, lost: 'all', pattern: ALL, story: 0 },
  { scenario: growth, name: growth.name, lost: 'one part', pattern: ONE_PART, story: 1 },
  { scenario: consolidation, name: consolidation.name, lost: 'its merged part', pattern: ONE_PART, story: 2 },
]

test.each(cases)(
  '$name: staging that has lost $lost is shown to nobody',
  async ({ scenario, pattern, story }) => {
    const ends = new Set<string>()
    for (const k of cuts(story, { whole: 3, stride: 3 })) {
      const moment = await beforePublish(scenario)
      const { world } = moment
      const old = await visibleIds(world)
      const died = await publishUntil(moment, k)
      if (!died) break
      await expire(world, pattern)
      const { seen, end, isToldGivenUp } = await seenDuringTakeOver(world)
      expect(isToldGivenUp).toBe(end === 'forgotten')
      ends.add(end)
      const days = [old, [...scenario.ids]]
      for (const ids of seen) expect(days).toContainEqual(ids)
      expect(seen.at(-1)).toEqual(end === 'forgotten' ? old : end === 'published' ? scenario.ids : seen[0])
      await expectMended(world, scenario)
    }
    expect([...ends].sort()).toEqual(['finished', 'forgotten', 'none', 'published'])
  },
)

test('whoever loses the race while it checks what it has staged plans again', async () => {
  const reached = latch()
  const release = latch()
  const holdBack = (s3: Service): Service => ({
    ...s3,
    async handle(request, response, caller) {
      if (caller.accessKeyId === 'loser' && request.url?.includes('report.json.gz')) {
        reached.open()
        await release.opened
      }
      await s3.handle(request, response, caller)
    },
  })
  const services = ({ s3 }: { s3: Service }) => [holdBack(s3)]
  const { world, run, order } = await beforePublish(rebuild, { caller: 'loser', services })
  const published = publish(run, order)
  await reached.opened
  endRun(run)
  await runDay(world, { caller: 'winner' })
  release.open()
  expect(await published).toEqual({ won: false })
  expect(await visibleIds(world)).toEqual(rebuild.ids)
})

test('staging that is gone while nobody else has published fails the day', async () => {
  const { world, run, order } = await beforePublish(rebuild)
  await expire(world, ONE_PART)
  await expect(publish(run, order)).rejects.toMatchObject({ code: 'StagingGone' })
})
