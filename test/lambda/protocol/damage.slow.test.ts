import { expect, test } from 'vitest'
import { deleteObjects, putObject } from '../../../aws/write-objects.ts'
import { manifestKey } from '../../../core/layout.ts'
import { publishedOf, runDay, visibleIds } from '../../support/lambda/run-day.ts'
import { nextPlan, PARTITION } from '../../support/lambda/scenarios.ts'
import { DAY, fileOf, startWorld, type World } from '../../support/lambda/world.ts'

const dataOf = (world: World) => world.process('vandal', 'vandal').ledger.data
const partOf = async (world: World) => (await publishedOf(world)).parts[0]!.key

async function published(options: Parameters<typeof startWorld>[0] = {}): Promise<World> {
  const world = await startWorld(options)
  world.putRaw('a.jsonl', ['a1', 'a2'])
  await runDay(world)
  return world
}

const damages = {
  deleted: {
    harm: async (world: World) => await deleteObjects(dataOf(world), [await partOf(world)]),
    told: /^damaged: 1 missing \(part-00001-/,
  },
  truncated: {
    harm: async (world: World) => {
      const key = await partOf(world)
      await putObject(dataOf(world), key, fileOf(world, key).subarray(0, 50))
    },
    told: /^damaged: 1 altered \(part-00001-/,
  },
  'overwritten with as many other bytes': {
    harm: async (world: World) => {
      const key = await partOf(world)
      await putObject(dataOf(world), key, Buffer.alloc(fileOf(world, key).length, 'x'))
    },
    told: /^damaged: 1 altered \(part-00001-/,
  },
  'there under another name as well': {
    harm: async (world: World) => {
      const part = await partOf(world)
      await putObject(dataOf(world), part.replace('part-', 'copy-of-part-'), fileOf(world, part))
    },
    told: /^damaged: 1 foreign \(copy-of-part-00001-/,
  },
  'beside a Parquet of somebody else': {
    harm: async (world: World) =>
      void (await putObject(dataOf(world), `${PARTITION}other.parquet`, fileOf(world, await partOf(world)))),
    told: /^damaged: 1 foreign \(other\.parquet\)/,
  },
}

test.each(Object.entries(damages))(
  'a part that is %s is told, and mended by the next run',
  async (_, { harm, told }) => {
    const world = await published()
    await harm(world)
    expect(await runDay(world, { dryRun: true })).toMatchObject({
      status: 'planned',
      why: expect.stringMatching(told) as string,
    })
    expect(await runDay(world)).toMatchObject({
      status: 'published',
      why: expect.stringMatching(told) as string,
    })
    expect(await visibleIds(world)).toEqual(['a1', 'a2'])
    const { parts } = await publishedOf(world)
    expect(world.keys('processed/')).toEqual(parts.map(({ key }) => key))
    expect(await runDay(world)).toMatchObject({ status: 'unchanged', why: 'unchanged' })
  },
)

test('an object of somebody else is kept aside, and goes only when no query can be about to read it', async () => {
  const world = await published()
  await putObject(dataOf(world), `${PARTITION}notes/other.parquet`, 'of somebody else')
  const LONG = { graceSeconds: 1e9 }
  expect(await runDay(world, LONG)).toMatchObject({ status: 'published' })
  expect(await visibleIds(world)).toEqual(['a1', 'a2'])
  const [aside] = world.keys('quarantine/')
  expect(aside).toMatch(/^quarantine\/jobs\/day_partition=2024-01-02\/[0-9a-f]{32}\/notes\/other\.parquet$/)
  expect(fileOf(world, aside!).toString()).toBe('of somebody else')
  expect(world.keys(PARTITION)).toHaveLength(2)
  await runDay(world)
  expect(world.keys(PARTITION)).toEqual((await publishedOf(world)).parts.map(({ key }) => key))
  expect(world.keys('quarantine/')).toEqual([aside])
})

test('names that Athena does not see are nobody’s damage', async () => {
  const world = await published()
  await putObject(dataOf(world), `${PARTITION}_SUCCESS`, '')
  expect(await runDay(world)).toMatchObject({ status: 'unchanged' })
})

test('rows that are lost and cannot be made again fail the day by name, and nothing is deleted', async () => {
  const world = await published()
  world.putRaw('b.jsonl', ['b1'])
  await runDay(world)
  world.removeRaw('a.jsonl')
  await deleteObjects(dataOf(world), [await partOf(world)])
  const before = world.keys('')
  await expect(runDay(world)).rejects.toMatchObject({
    code: 'DamagedDay',
    message: expect.stringMatching(/missing \(part-00001-.*1 file gone from the raw prefix/) as string,
  })
  expect(world.keys('').filter((key) => !key.includes('attempt'))).toEqual(
    before.filter((key) => !key.includes('attempt')),
  )
  expect(await runDay(world, { mode: 'rebuild' })).toMatchObject({ status: 'published' })
  expect(await visibleIds(world)).toEqual(['b1'])
})

test('what somebody puts into the home of a day that is away is kept aside before the day goes home', async () => {
  const world = await published()
  world.putRaw('a.jsonl', ['a3'])
  await runDay(world, { graceSeconds: 1e9 })
  await putObject(dataOf(world), `${PARTITION}other.parquet`, 'of somebody else')
  expect(await runDay(world)).toMatchObject({
    status: 'unchanged',
    why: expect.stringContaining('orphans found at home') as string,
  })
  expect(world.keys('quarantine/')).toHaveLength(1)
  expect(world.keys('processed/')).toEqual((await publishedOf(world)).parts.map(({ key }) => key))
  expect(await visibleIds(world)).toEqual(['a3'])
})

const losses = {
  'is gone': (world: World) => deleteObjects(dataOf(world), [manifestKey(DAY.dataset, DAY.date)]),
  'cannot be read': (world: World) =>
    putObject(dataOf(world), manifestKey(DAY.dataset, DAY.date), '{').then(() => undefined),
}

test.each(Object.entries(losses))(
  'a day whose manifest %s, while its data is there, is never new: a rebuild makes it again',
  async (what, lose) => {
    const world = await published()
    const old = await partOf(world)
    await lose(world)
    await expect(runDay(world)).rejects.toMatchObject({
      code: what === 'is gone' ? 'DamagedDay' : 'CorruptState',
    })
    expect(world.keys('processed/')).toEqual([old])
    expect(await visibleIds(world)).toEqual(['a1', 'a2'])
    const seen: string[][] = []
    world.afterWrite = async () => void seen.push(await visibleIds(world))
    const { status, why } = await runDay(world, { mode: 'rebuild' })
    const repair = what === 'is gone' ? 'damaged: its manifest is gone; ' : ''
    expect([status, why]).toEqual(['published', `${repair}asked for`])
    for (const ids of seen) expect(ids).toEqual(['a1', 'a2'])
    world.afterWrite = undefined
    const { parts, generation } = await publishedOf(world)
    expect(generation).toBe(2)
    expect(world.keys('processed/')).toEqual(parts.map(({ key }) => key))
    expect(parts.map(({ key }) => key)).not.toContain(old)
    expect(world.keys('state/jobs/').some((key) => key.includes('unreadable-'))).toBe(what !== 'is gone')
    expect(await runDay(world)).toMatchObject({ status: 'unchanged' })
  },
)

test.each(Object.entries(losses))(
  'a manifest that %s is taken from an older version where the bucket keeps them, without a job',
  async (what, lose) => {
    const world = await published({ isVersioned: true })
    const before = await publishedOf(world)
    await lose(world)
    const mode = what === 'is gone' ? 'changed' : 'rebuild'
    if (mode === 'rebuild') await expect(runDay(world)).rejects.toMatchObject({ code: 'CorruptState' })
    const mended = await runDay(world, { mode })
    expect(mended).toMatchObject({ status: 'published' })
    expect(await visibleIds(world)).toEqual(['a1', 'a2'])
    const { generation } = await publishedOf(world)
    expect(generation).toBe(before.generation + (mode === 'rebuild' ? 1 : 0))
    expect(await runDay(world)).toMatchObject({ status: 'unchanged' })
  },
)

test('a manifest that is gone is not begun anew where the raw files are gone as well', async () => {
  const world = await published()
  await losses['is gone'](world)
  world.removeRaw('a.jsonl')
  await expect(runDay(world, { mode: 'rebuild' })).rejects.toMatchObject({ code: 'DamagedDay' })
  expect(await visibleIds(world)).toEqual(['a1', 'a2'])
})

test('days that are away join the items of every execution, the ones first that have waited longest', async () => {
  const world = await published()
  const other = { ...DAY, date: '2024-01-01' }
  for (const day of [other, DAY]) {
    world.putRaw('z.jsonl', ['z'], day)
    await runDay(world, { day, graceSeconds: 1e9 })
    world.putRaw('z.jsonl', ['z', 'y'], day)
    await runDay(world, { day, graceSeconds: 1e9 })
  }
  const { output } = await nextPlan(world, 'next')
  const items = JSON.parse(fileOf(world, output.items.key).toString()) as unknown[]
  expect(items.slice(1)).toEqual([
    { ...other, mode: 'tend' },
    { ...DAY, mode: 'tend' },
  ])
  expect(await runDay(world, { day: other, mode: 'tend' })).toMatchObject({
    status: 'tended',
    why: 'replaced files deleted; went home; replaced files deleted',
  })
  expect(world.keys('state/_away/')).toEqual(['state/_away/jobs/2024-01-02'])
})
