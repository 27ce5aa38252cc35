import { expect, test } from 'vitest'
import { putObject } from '../../../aws/write-objects.ts'
import { partitionPrefix, replacementPrefix } from '../../../core/layout.ts'
import { EMPTY_MANIFEST, type Manifest } from '../../../core/manifest.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import { raiseCrawlingFlag } from '../../../lambda/ledger/crawling-flag.ts'
import { folderFor } from '../../../lambda/publishing/choose-folder.ts'
import { DAY, startWorld, type World } from '../../support/lambda/world.ts'

const HOME = partitionPrefix(DAY.dataset, DAY.date)
const AWAY = replacementPrefix(DAY.dataset, DAY.date, 3, 'attempt')
const OLDER = replacementPrefix(DAY.dataset, DAY.date, 2, 'older')
const ORDER = { ...DAY, generation: 3, attempt: 'attempt' } as WorkOrder

const shownAt = (location: string, ...retired: readonly string[]) =>
  ({
    published: { ...DAY, generation: 2, location },
    intent: null,
    retired: retired.map((prefix) => ({ prefix, keys: [] })),
  }) as unknown as Manifest
const ledgerOf = (world: World) => world.process('publisher', 'arn').ledger

test.each<[string, Manifest, string]>([
  ['is new', EMPTY_MANIFEST, HOME],
  ['is shown at home', shownAt(HOME), AWAY],
  ['is shown elsewhere, and has left nothing', shownAt(OLDER), HOME],
  ['is shown elsewhere, and has left files at home', shownAt(OLDER, HOME), AWAY],
  ['is shown elsewhere, and has left files in another folder', shownAt(OLDER, 'replacements/x/'), HOME],
])('the parts of a day that %s go to its home, or to a folder of their own', async (_, manifest, folder) => {
  expect(await folderFor(ledgerOf(await startWorld()), ORDER, manifest)).toBe(folder)
})

test('no part goes to a home that holds objects, or whose table is crawled', async () => {
  const world = await startWorld()
  const crawling = await raiseCrawlingFlag(ledgerOf(world), DAY.dataset)
  expect(await folderFor(ledgerOf(world), ORDER, EMPTY_MANIFEST)).toBe(AWAY)
  await crawling!.lower()
  await putObject(ledgerOf(world).data, `${HOME}other`, 'of somebody else')
  expect(await folderFor(ledgerOf(world), ORDER, EMPTY_MANIFEST)).toBe(AWAY)
})
