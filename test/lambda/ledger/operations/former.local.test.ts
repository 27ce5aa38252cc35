import { expect, test } from 'vitest'
import { cuts } from '../../../support/lambda/cuts.ts'
import { formerSamples, formerWorld, isLost } from '../../../support/lambda/former-samples.ts'
import { publishedOf, runDay, visibleIds } from '../../../support/lambda/run-day.ts'
import { nextPlan } from '../../../support/lambda/scenarios.ts'
import { DAY } from '../../../support/lambda/world.ts'

/** State that 0.1.0 left when its publisher died, one sample for each phase of a publish. */
interface Sample {
  /** Ids that the day holds once its publish is finished. */
  readonly ids: readonly string[]
  /** Location of the partition, if there is one. */
  readonly location?: string
  /** Raw files by name. */
  readonly raw: Readonly<Record<string, string>>
  readonly objects: Readonly<
    Record<string, { readonly body: string; readonly metadata?: Readonly<Record<string, string>> }>
  >
}

const SAMPLES = join(import.meta.dirname, '../../../fixtures/ledger/0.1.0')
const samples = readdirSync(SAMPLES).map((file, story) => ({
  story,
  name: file.replace('.json', ''),
  sample: JSON.parse(readFileSync(join(SAMPLES, file), 'utf8')) as Sample,
}))
const isLost = (name: string) => /gone|undoing/.test(name)

async function worldOf({ raw, objects, location }: Sample): Promise<World> {
  const world = await startWorld()
  for (const [name, text] of Object.entries(raw)) world.putRaw(name, text.split('\n').filter(Boolean))
  const { ledger } = world.process('former', 'former')
  for (const [key, { body, metadata }] of Object.entries(objects)) {
    await putObject(ledger.data, key, Buffer.from(body, 'base64'), metadata && { metadata })
  }
  const { input } = await world.glue.catalog.table(DAY.dataset)
  const StorageDescriptor = { ...input.StorageDescriptor, Location: location! }
  if (location)
    await world.glue.catalog.createPartition(DAY.dataset, { Values: [DAY.date], StorageDescriptor })
  return world
}

test('there is a sample of each phase', () => {
  expect(samples.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'extend-copying',
      'rebuild-copying-shown',
      'rebuild-deleting',
      'rebuild-undoing',
    ]),
  )
})

test.each(samples)(
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
    const location = (await world.glue.catalog.table(DAY.dataset)).partitions.get(DAY.date)?.descriptor
      .Location
    expect(location).toMatch(isLost(name) ? /^s3:\/\/data\/processed\// : /^s3:\/\/data\/replacements\//)
    // The next run moves the day home and does the work that was lost.
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

test.each(samples)('$name: whoever takes it over may die at any write', async ({ sample, story }) => {
  for (const k of cuts(story, { stride: 10 })) {
    const world = await worldOf(sample)
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
