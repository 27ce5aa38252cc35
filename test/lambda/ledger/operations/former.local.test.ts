import { expect, test } from 'vitest'
import { cuts } from '../../../support/lambda/cuts.ts'
import { formerSamples, formerWorld, isLost } from '../../../support/lambda/former-samples.ts'
import { partitionLocation } from '../../../support/lambda/partition-location.ts'
import { publishedOf, runDay, visibleIds } from '../../../support/lambda/run-day.ts'
import { nextPlan } from '../../../support/lambda/scenarios.ts'
import { DAY } from '../../../support/lambda/world.ts'

test.each(formerSamples)(
  '$name: readers see the old day or the new one, never staging at the end',
  async ({ name, sample }) => {
    const world = await formerWorld(sample)
    const seen = [await visibleIds(world)]
    world.afterWrite = async () => void seen.push(await visibleIds(world))
    const { swept } = await nextPlan(world, 'next')
    expect(swept).toMatchObject([{ ...DAY, end: isLost(name) ? 'forgotten' : 'finished' }])
    world.afterWrite = undefined
    for (const ids of seen) expect([seen[0], sample.ids]).toContainEqual(ids)
    expect(seen.at(-1)).toEqual(isLost(name) ? seen[0] : sample.ids)
    expect(await partitionLocation(world)).toMatch(
      isLost(name) ? /^s3:\/\/data\/processed\// : /^s3:\/\/data\/replacements\//,
    )
    // The next run takes the day home and does what was lost.
    await runDay(world)
    expect(await visibleIds(world)).toEqual(sample.ids)
    const { parts, rejects } = await publishedOf(world)
    expect(world.keys('processed/')).toEqual(parts.map(({ key }) => key))
    expect(world.keys('rejected/')).toEqual(rejects.map(({ key }) => key))
    for (const prefix of ['replacements/', 'state/_open/', 'state/_away/'])
      expect(world.keys(prefix)).toEqual([])
    expect(await runDay(world)).toMatchObject({ status: 'unchanged' })
  },
)

test.each(formerSamples)('$name: whoever takes it over may die at any write', async ({ sample, story }) => {
  for (const k of cuts(story, { stride: 16 })) {
    const world = await formerWorld(sample)
    world.dieAfter('next', k)
    const died = await nextPlan(world, 'next').then(
      ({ swept }) => swept.some(({ end }) => end === 'failed'),
      () => true,
    )
    await runDay(world)
    expect(await visibleIds(world)).toEqual(sample.ids)
    expect(world.keys('state/_open/')).toEqual([])
    if (!died) break
  }
})
