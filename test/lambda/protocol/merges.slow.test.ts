import { expect, test } from 'vitest'
import { UNVERIFIED } from '../../../core/layout.ts'
import type { PlanDayOutput } from '../../../core/messages.ts'
import { raiseCrawlingFlag } from '../../../lambda/ledger/crawling-flag.ts'
import {
  LATER,
  plan,
  publish,
  runDay,
  startRun,
  visibleIds,
  work,
  type DayRun,
} from '../../support/lambda/run-day.ts'
import { TABLE } from '../../support/lambda/dataset.ts'
import { HELD, startWorld, type World } from '../../support/lambda/world.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'

const TWELVE = Array.from({ length: 12 }, (_, index) => `i${String(index).padStart(2, '0')}`)

/**
 * Publishes a day that goes home at once. Between its commit and its move home, while the table is crawled, runs
 * `meanwhile` for another execution, which is to merge the small parts.
 */
async function publishAndMerge(
  meanwhile: (merging: DayRun) => Promise<unknown>,
): Promise<{ world: World; merging: DayRun }> {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  world.putRaw('b.jsonl', TWELVE)
  const publishing = startRun(world, { caller: 'publisher', leaseSeconds: HELD })
  const order = await work(publishing, await plan(publishing))
  const merging = startRun(world, { caller: 'merger', leaseSeconds: HELD, at: LATER })
  let isShown = false
  world.afterWrite = async ({ caller, key = '' }) => {
    if (caller.accessKeyId !== 'publisher') return
    if (isShown && key.endsWith('manifest.json.gz')) {
      world.afterWrite = undefined
      const crawling = await raiseCrawlingFlag(merging.context.ledger, TABLE)
      await meanwhile(merging)
      await crawling!.lower()
    }
    isShown ||= key.startsWith(UNVERIFIED)
  }
  await publish(publishing, order)
  return { world, merging }
}

async function expectMerged(world: World, merging: DayRun, planned: PlanDayOutput): Promise<void> {
  expect(await publish(merging, await work(merging, planned))).toMatchObject({
    won: true,
    outcome: { kind: 'consolidate' },
  })
  expect(await visibleIds(world)).toEqual(['a1', ...TWELVE])
}

test('a publish that brings the day home deletes nothing that a job was ordered to read', async () => {
  let planned: PlanDayOutput | undefined
  const { world, merging } = await publishAndMerge(async (run) => (planned = await plan(run)))
  await expectMerged(world, merging, planned!)
})

test('a job is ordered to read what is still there when its day is claimed', async () => {
  const claims = latch()
  const goesOn = latch()
  let planned: Promise<PlanDayOutput> | undefined
  const { world, merging } = await publishAndMerge(async (run) => {
    run.context.ledger.data.s3.middlewareStack.add(
      (next) => async (args) => {
        const { Key, Body } = args.input as { readonly Key?: string; readonly Body?: unknown }
        if (Body !== undefined && Key?.endsWith('attempt.json')) {
          claims.open()
          await goesOn.opened
        }
        return await next(args)
      },
      { step: 'initialize' },
    )
    planned = plan(run)
    await claims.opened
  })
  goesOn.open()
  await expectMerged(world, merging, await planned!)
})
