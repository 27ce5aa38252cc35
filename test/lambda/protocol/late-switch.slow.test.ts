import { expect, test } from 'vitest'
import { latch } from '@dayfold/local-aws/test-support/latch'
import { locationOf } from '../../../core/layout.ts'
import { readManifest } from '../../../lambda/ledger/manifest-store.ts'
import { beforePublish, type Beginning } from '../../support/lambda/cut-publish.ts'
import { partitionLocation } from '../../support/lambda/partition-location.ts'
import { endRun, publish, publishedOf, runDay, visibleIds } from '../../support/lambda/run-day.ts'
import { DAY, type World } from '../../support/lambda/world.ts'

const REBUILD: Beginning = {
  async before(world) {
    world.putRaw('a.jsonl', ['a1'])
    await runDay(world)
    world.putRaw('a.jsonl', ['a2'])
  },
}

/** Holds the first call back with which a caller points a partition elsewhere, until it is let go. */
function holdSwitch(world: World, caller: string) {
  const reached = latch()
  const released = latch()
  const { glue } = world.process(caller, 'any').ledger.catalog
  glue.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'UpdatePartitionCommand') {
          reached.open()
          await released.opened
        }
        return await next(args)
      },
    { step: 'initialize' },
  )
  return { reached: reached.opened, release: released.open }
}

const switchesOf = (world: World) =>
  world.writes.filter(
    ({ operation, caller }) => operation === 'UpdatePartition' && caller.accessKeyId === 'late',
  )

test('a partition that is pointed to a folder too late, after others have published, is set right', async () => {
  const { world, run, order } = await beforePublish(REBUILD, { caller: 'late' })
  const { reached, release } = holdSwitch(world, 'late')
  const published = publish(run, order)
  await reached
  endRun(run)
  // Its lease is over: another finishes what it has begun, and publishes again.
  await runDay(world, { caller: 'other' })
  world.putRaw('a.jsonl', ['a3'])
  await runDay(world, { caller: 'other' })
  const now = `s3://data/${locationOf(await publishedOf(world))}`
  release()
  await published
  // There and back.
  expect(switchesOf(world)).toHaveLength(2)
  expect(await partitionLocation(world)).toBe(now)
  expect(await visibleIds(world)).toEqual(['a3'])
  const { ledger } = world.process('test', 'test')
  expect((await readManifest(ledger.data, DAY)).manifest.intent).toBeNull()
  expect(world.keys('state/_open/')).toEqual([])
})
