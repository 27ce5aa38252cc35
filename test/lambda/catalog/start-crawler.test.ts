import { expect, test } from 'vitest'
import { startCrawler } from '../../../lambda/catalog/start-crawler.ts'
import { raiseCrawlingFlag } from '../../../lambda/ledger/crawling-flag.ts'
import { putOpenEntry } from '../../../lambda/ledger/open-entries.ts'
import { CRAWLER, DAY, OVER, startWorld } from '../../support/lambda/world.ts'

test('no crawler is started while somebody is about to open an intent', async () => {
  const world = await startWorld()
  const { ledger } = world.process('crawl', 'arn:crawl')
  await putOpenEntry(ledger, DAY, undefined)
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('put-off')
  expect(world.keys('state/_crawling/')).toEqual([])
  // Whoever wrote the entry has died: it opens nothing any more.
  const { ledger: later } = world.process('later', 'arn:later', { leaseSeconds: OVER })
  expect(await startCrawler(later, DAY.dataset, CRAWLER)).toBe('started')
  expect(world.keys('state/_open/')).toEqual([])
})

test('of two functions one starts the crawler', async () => {
  const world = await startWorld()
  const { ledger } = world.process('crawl', 'arn:crawl')
  const flag = await raiseCrawlingFlag(ledger, DAY.dataset)
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('running')
  await flag!.lower()
  expect(await startCrawler(ledger, DAY.dataset, CRAWLER)).toBe('started')
})

test('a flag whose function has died is taken over', async () => {
  const world = await startWorld()
  await raiseCrawlingFlag(world.process('dead', 'arn:dead').ledger, DAY.dataset)
  const { ledger } = world.process('crawl', 'arn:crawl', { leaseSeconds: OVER })
  expect(await raiseCrawlingFlag(ledger, DAY.dataset)).toBeDefined()
})
