import { expect, test } from 'vitest'
import { partitionPrefix, replacementPrefix } from '../../../core/layout.ts'
import { EMPTY_MANIFEST } from '../../../core/manifest.ts'
import { startCrawler, type CrawlerStart } from '../../../lambda/catalog/start-crawler.ts'
import { putAwayEntry } from '../../../lambda/ledger/away-entries.ts'
import { raiseCrawlingFlag } from '../../../lambda/ledger/crawling-flag.ts'
import { writeManifest } from '../../../lambda/ledger/manifest-store.ts'
import { putOpenEntry } from '../../../lambda/ledger/open-entries.ts'
import { rollForward } from '../../../lambda/ledger/operations/finish.ts'
import { tendDay } from '../../../lambda/ledger/tend.ts'
import { runDay } from '../../support/lambda/run-day.ts'
import { CRAWLER } from '../../support/lambda/dataset.ts'
import { DAY, HELD, OVER, startWorld } from '../../support/lambda/world.ts'

test('no crawler is started while somebody is about to open an intent', async () => {
  const world = await startWorld()
  const { ledger } = world.process('crawl', 'arn:crawl')
  await putOpenEntry(ledger, DAY, undefined)
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('put-off')
  expect(world.keys('state/_crawling/')).toEqual([])
  // The writer of the entry has died: it opens nothing any more.
  const { ledger: later } = world.process('later', 'arn:later', { leaseSeconds: OVER })
  expect(await startCrawler(later, DAY.dataset, CRAWLER)).toBe('started')
  expect(world.keys('state/_open/')).toEqual([])
})

const HOME = partitionPrefix(DAY.dataset, DAY.date)
const AWAY = replacementPrefix(DAY.dataset, DAY.date, 2, 'attempt')
const moveTo = (location: string) => ({ operation: 'move', copies: [], leaves: null, next: { location } })

/** Starts the crawler of a table whose one day has this manifest, and is on the lists of open and away days. */
async function startBeside(manifest: object): Promise<CrawlerStart> {
  const world = await startWorld()
  const { ledger } = world.process('crawl', 'arn:crawl')
  await putOpenEntry(ledger, DAY, undefined)
  await putAwayEntry(ledger.data, DAY)
  await writeManifest(ledger.data, DAY, { ...EMPTY_MANIFEST, ...manifest }, undefined)
  return await startCrawler(ledger, DAY.dataset, CRAWLER)
}

test.each([
  ['fills its home', moveTo(HOME), 'put-off'],
  ['fills another folder', moveTo(AWAY), 'started'],
  ['empties folders', { operation: 'retire' }, 'put-off'],
  ['of the release 0.1.0 is under way', { operation: 'former' }, 'put-off'],
  ['adds a part', { operation: 'add', copies: [], next: { location: HOME } }, 'started'],
  ['corrects the catalog', { operation: 'point' }, 'started'],
])('beside a day of which an operation %s, a crawler is started or put off', async (_, intent, expected) => {
  expect(await startBeside({ intent: { ...intent, nonce: 'n', holder: 'arn:other' } })).toBe(expected)
})

test.each([
  ['is left half filled', { prefix: HOME, isPartial: true }, 'put-off'],
  ['holds replaced files', { prefix: HOME }, 'started'],
  ['is in order, while another folder is left half filled', { prefix: AWAY, isPartial: true }, 'started'],
])('beside a day whose home %s, a crawler is started or put off', async (_, folder, expected) => {
  expect(await startBeside({ retired: [{ ...folder, keys: [] }] })).toBe(expected)
})

test('of two functions one starts the crawler', async () => {
  const world = await startWorld()
  const { ledger } = world.process('crawl', 'arn:crawl')
  const flag = await raiseCrawlingFlag(ledger, DAY.dataset)
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('running')
  await flag!.lower()
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('started')
})

test('a flag is lowered by whoever raised it, also when it was not told that it had', async () => {
  const world = await startWorld()
  const { ledger } = world.process('crawl', 'arn:crawl')
  world.faults.add({ accessKeyId: 'crawl', operation: 'PutObject', nth: 1, fault: { kind: 'lose-answer' } })
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('started')
  expect(world.keys('state/_crawling/')).toEqual([])
})

test('a flag whose function has died is taken over', async () => {
  const world = await startWorld()
  await raiseCrawlingFlag(world.process('dead', 'arn:dead').ledger, DAY.dataset)
  const { ledger } = world.process('crawl', 'arn:crawl', { leaseSeconds: OVER })
  expect(await raiseCrawlingFlag(ledger, DAY.dataset)).toBeDefined()
})

test('no crawler is started while a home holds what is left of a way home that was put off', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  world.putRaw(
    'a.jsonl',
    Array.from({ length: 200 }, (_, index) => `b${index}`),
  )
  await runDay(world, { graceSeconds: 1e9 })
  const nobody = () => Promise.resolve(false)
  // Writes while home is emptied: entry, intent, delete, commit, entry. Then on the way home: entry, intent, entry, and
  // two of the copies, one of which may be the sketch of the profile.
  const { ledger: dying } = world.process('dying', 'arn:dying')
  world.dieAfter('dying', 10)
  await expect(tendDay(dying, DAY, nobody)).rejects.toThrow()
  // Copies run in parallel: some are done, but not all.
  const { length } = world.keys('processed/')
  expect(length).toBeGreaterThan(0)
  expect(length).toBeLessThan(world.keys('replacements/').length)
  const { ledger } = world.process('crawl', 'arn:crawl')
  const flag = await raiseCrawlingFlag(ledger, DAY.dataset)
  const { ledger: next } = world.process('next', 'arn:next', { leaseSeconds: OVER })
  expect(await rollForward({ ...next, leaseSeconds: HELD }, DAY, { hasWork: true })).toEqual({
    kind: 'forgotten',
  })
  await flag!.lower()
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('put-off')
  await tendDay(ledger, DAY, nobody)
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('started')
})
