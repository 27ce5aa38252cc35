import { expect, test } from 'vitest'
import { partitionPrefix, QUARANTINE } from '../../../core/layout.ts'
import { mendManifest } from '../../../lambda/ledger/mend-manifest.ts'
import { tendDay } from '../../../lambda/ledger/tend.ts'
import {
  plan,
  publish,
  publishedOf,
  runDay,
  startRun,
  visibleIds,
  work,
} from '../../support/lambda/run-day.ts'
import { startAway } from '../../support/lambda/scenarios.ts'
import { DAY, HELD, startWorld, type World } from '../../support/lambda/world.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'

const HOME = partitionPrefix(DAY.dataset, DAY.date)
const nobody = () => Promise.resolve(false)

/** Holds back a caller's listings of a day's home until they are released. */
function holdListing(world: World, caller: string) {
  const held = latch()
  const released = latch()
  const { s3 } = world.process(caller, caller).ledger.data
  s3.middlewareStack.add(
    (next) => async (args) => {
      if ((args.input as { readonly Prefix?: string }).Prefix === HOME) {
        held.open()
        await released.opened
      }
      return await next(args)
    },
    { step: 'initialize' },
  )
  return { held: held.opened, release: released.open }
}

test('what came home while another function was about to look for foreign files is no foreign file', async () => {
  const world = await startAway()
  const listing = holdListing(world, 'late')
  const late = tendDay(world.process('late', 'late').ledger, DAY, nobody)
  await listing.held
  await tendDay(world.process('tender', 'tender').ledger, DAY, nobody)
  listing.release()
  await late
  expect(world.keys(QUARANTINE)).toEqual([])
  expect(await visibleIds(world)).toEqual(['a2'])
})

test('what an extension has added while a replacement was about to list the folder is no foreign file', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const [replacing, extending] = ['replacing', 'extending'].map((caller) =>
    startRun(world, { caller, mode: caller === 'replacing' ? 'rebuild' : 'changed', leaseSeconds: HELD }),
  ) as [ReturnType<typeof startRun>, ReturnType<typeof startRun>]
  const replacement = await work(replacing, await plan(replacing))
  // Its execution looks finished, but is not.
  world.running.clear()
  world.putRaw('b.jsonl', ['b1'])
  const extension = await work(extending, await plan(extending))
  const listing = holdListing(world, 'replacing')
  const late = publish(replacing, replacement)
  await listing.held
  expect(await publish(extending, extension)).toMatchObject({ won: true })
  listing.release()
  expect(await late).toEqual({ won: false })
  expect(world.keys(QUARANTINE)).toEqual([])
  expect(await visibleIds(world)).toEqual(['a1', 'b1'])
})

test('the first files of a day, which came while another function was about to list it, have a manifest', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const publishing = startRun(world, { caller: 'publishing', leaseSeconds: HELD })
  const order = await work(publishing, await plan(publishing))
  // Its execution looks finished, but is not.
  world.running.clear()
  const listing = holdListing(world, 'late')
  const late = plan(startRun(world, { caller: 'late', leaseSeconds: HELD }))
  await listing.held
  await publish(publishing, order)
  listing.release()
  expect(await late).toMatchObject({ outcome: { status: 'unchanged', why: 'unchanged' } })
})

test('a manifest that can be read is not mended', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const published = await publishedOf(world)
  const { ledger } = world.process('late', 'late')
  expect(await mendManifest(ledger, DAY, { mayBeginAnew: true })).toBe(true)
  expect(await publishedOf(world)).toEqual(published)
})
