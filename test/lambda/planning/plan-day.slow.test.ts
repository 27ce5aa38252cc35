import { expect, test } from 'vitest'
import { putObject } from '../../../aws/write-objects.ts'
import { partitionPrefix } from '../../../core/layout.ts'
import { publishedOf, runDay, visibleIds } from '../../support/lambda/run-day.ts'
import { startAway } from '../../support/lambda/scenarios.ts'
import { DAY, putUncopyable, startWorld } from '../../support/lambda/world.ts'

const HOME = partitionPrefix(DAY.dataset, DAY.date)

test('a day leaves a foreign object that is too large to be copied, and stays away in peace', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  putUncopyable(world, `${HOME}large.parquet`)
  expect(await runDay(world)).toMatchObject({
    status: 'published',
    why: 'damaged: 1 foreign (large.parquet); replaced files deleted',
  })
  expect(await visibleIds(world)).toEqual(['a1'])
  expect((await publishedOf(world)).location).toMatch(/^replacements\//)
  const { length } = world.writes
  expect(await runDay(world)).toMatchObject({ status: 'unchanged', why: 'unchanged' })
  expect(world.writes).toHaveLength(length)
  expect(world.keys(HOME)).toEqual([`${HOME}large.parquet`])
})

test('a day whose home somebody fills whenever it is emptied is planned all the same', async () => {
  const world = await startAway()
  const { data } = world.process('vandal', 'vandal').ledger
  let filled = 0
  world.afterWrite = async ({ caller, operation }) => {
    if (caller.accessKeyId === 'functions' && operation === 'DeleteObjects' && ++filled <= 20)
      await putObject(data, `${HOME}${filled}.parquet`, 'of somebody else')
  }
  const { status, why } = await runDay(world)
  expect(status).toBe('unchanged')
  // As many steps as one call takes, and no more.
  expect(why.split('; ').slice(1)).toHaveLength(8)
  world.afterWrite = undefined
  await runDay(world)
  expect(await visibleIds(world)).toEqual(['a2'])
  expect(world.keys(HOME)).toEqual((await publishedOf(world)).parts.map(({ key }) => key))
})
