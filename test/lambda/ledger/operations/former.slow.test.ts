import { expect, test } from 'vitest'
import { formerSamples, formerWorld, isLost } from '../../../support/lambda/former-samples.ts'
import { publishedOf, visibleIds } from '../../../support/lambda/run-day.ts'
import { nextPlan } from '../../../support/lambda/scenarios.ts'
import type { FormerIntent } from '../../../../core/manifest.ts'
import { readManifest, writeManifest } from '../../../../lambda/ledger/manifest-store.ts'
import { DAY } from '../../../support/lambda/world.ts'

test('there is a sample of each phase', () => {
  expect(formerSamples.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'extend-copying',
      'rebuild-copying-shown',
      'rebuild-deleting',
      'rebuild-undoing',
    ]),
  )
})

test('an undo that was begun is carried to its end, even if all files are there', async () => {
  const { sample } = formerSamples.find(({ name }) => name === 'rebuild-copying')!
  const world = await formerWorld(sample)
  const before = await publishedOf(world)
  const { data } = world.process('former', 'former').ledger
  const { manifest, etag } = await readManifest(data, DAY)
  const intent = { ...(manifest.intent as FormerIntent), phase: 'undoing' as const }
  await writeManifest(data, DAY, { ...manifest, intent }, etag)
  const { swept } = await nextPlan(world, 'next')
  expect(swept).toMatchObject([{ ...DAY, end: 'forgotten' }])
  expect(await publishedOf(world)).toEqual(before)
  expect(world.keys('state/_again/')).toEqual([`state/_again/${DAY.dataset}/${DAY.date}`])
})

test.each(formerSamples)('$name: it ends as a move, or is undone and requeued', async ({ name, sample }) => {
  const world = await formerWorld(sample)
  const before = await visibleIds(world)
  const { swept } = await nextPlan(world, 'next')
  expect(swept).toMatchObject([{ ...DAY, end: isLost(name) ? 'forgotten' : 'finished' }])
  const { data } = world.process('test', 'test').ledger
  const { manifest } = await readManifest(data, DAY)
  expect(manifest.intent).toBeNull()
  expect(await visibleIds(world)).toEqual(isLost(name) ? before : sample.ids)
  const requeued = isLost(name) ? [`state/_again/${DAY.dataset}/${DAY.date}`] : []
  expect(world.keys('state/_again/')).toEqual(requeued)
  const { parts, rejects } = await publishedOf(world)
  if (isLost(name)) {
    expect(manifest.spentGeneration).toBeGreaterThan(manifest.published!.generation)
    expect(world.keys('processed/')).toEqual(parts.map(({ key }) => key))
    expect(world.keys('rejected/')).toEqual(rejects.map(({ key }) => key))
  } else {
    expect(world.keys('replacements/')).toEqual(parts.map(({ key }) => key))
    // What is left behind goes with the home.
    const left = new Set(manifest.retired!.flatMap(({ keys }) => keys))
    const kept = new Set(rejects.map(({ key }) => key))
    const others = [...world.keys('processed/'), ...world.keys('rejected/')].filter((key) => !kept.has(key))
    expect(others.filter((key) => !left.has(key))).toEqual([])
    expect([...kept].filter((key) => left.has(key))).toEqual([])
  }
})
