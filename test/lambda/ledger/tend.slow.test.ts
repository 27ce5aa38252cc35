import { expect, test } from 'vitest'
import { deleteObjects, putObject } from '../../../aws/write-objects.ts'
import { partitionPrefix } from '../../../core/layout.ts'
import { putAwayEntry } from '../../../lambda/ledger/away-entries.ts'
import { raiseCrawlingFlag, type CrawlingFlag } from '../../../lambda/ledger/crawling-flag.ts'
import { tendDay } from '../../../lambda/ledger/tend.ts'
import { publishedOf, runDay, visibleIds } from '../../support/lambda/run-day.ts'
import { startAway } from '../../support/lambda/scenarios.ts'
import { DAY, putUncopyable, startWorld } from '../../support/lambda/world.ts'

const nobody = () => Promise.resolve(false)

test('a day that has no manifest is at home, and its entry goes', async () => {
  const world = await startWorld()
  const { ledger } = world.process('tender', 'arn')
  await putAwayEntry(ledger.data, DAY)
  expect(await tendDay(ledger, DAY, nobody)).toEqual([])
  expect(world.keys('state/')).toEqual([])
})

test('a way home that is put off, as a crawl begins meanwhile, is no step, and is gone later', async () => {
  const world = await startAway()
  const { ledger } = world.process('tender', 'arn')
  let opened = 0
  let crawling: CrawlingFlag | undefined
  world.afterWrite = async ({ caller, key = '' }) => {
    const isOpening = caller.accessKeyId === 'tender' && key.startsWith('state/_open/')
    // Once for the replaced files that are deleted, and when that is done; then for the way home.
    if (isOpening && ++opened === 3)
      crawling = await raiseCrawlingFlag(world.process('crawl', 'arn:crawl').ledger, DAY.dataset)
  }
  expect(await tendDay(ledger, DAY, nobody)).toEqual(['replaced files deleted'])
  expect((await publishedOf(world)).location).toMatch(/^replacements\//)
  world.afterWrite = undefined
  await crawling!.lower()
  expect(await tendDay(ledger, DAY, nobody)).toEqual(['went home', 'replaced files deleted'])
  expect((await publishedOf(world)).location).toBe(partitionPrefix(DAY.dataset, DAY.date))
  expect(await visibleIds(world)).toEqual(['a2'])
})

test('a dry run leaves a day where it is', async () => {
  const world = await startAway()
  const { length } = world.writes
  expect(await runDay(world, { dryRun: true })).toMatchObject({ status: 'unchanged', why: 'unchanged' })
  expect(world.writes).toHaveLength(length)
})

test('a day waits, without a write, while an object that cannot be copied lies at home, and then goes home', async () => {
  const world = await startAway()
  const { ledger } = world.process('tender', 'arn')
  const home = partitionPrefix(DAY.dataset, DAY.date)
  putUncopyable(world, `${home}large`)
  await putObject(ledger.data, `${home}small`, 'of somebody else')
  expect(await tendDay(ledger, DAY, nobody)).toEqual([
    'replaced files deleted',
    'orphans found at home',
    'replaced files deleted',
  ])
  expect(world.keys(home)).toEqual([`${home}large`])
  expect(world.keys('quarantine/')).toHaveLength(1)
  const { length } = world.writes
  expect(await tendDay(ledger, DAY, nobody)).toEqual([])
  expect(world.writes).toHaveLength(length)
  expect(world.keys('state/_away/')).toHaveLength(1)
  await deleteObjects(ledger.data, [`${home}large`])
  expect(await tendDay(ledger, DAY, nobody)).toEqual(['went home', 'replaced files deleted'])
  expect(world.keys('state/_away/')).toEqual([])
})
