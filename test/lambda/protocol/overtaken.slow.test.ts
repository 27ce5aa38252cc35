import { expect, test } from 'vitest'
import { deleteObjects } from '../../../aws/write-objects.ts'
import { attemptKey, partitionPrefix } from '../../../core/layout.ts'
import { EMPTY_MANIFEST, type Intent, type Published } from '../../../core/manifest.ts'
import { openIntent, type Wanted } from '../../../lambda/ledger/intents.ts'
import { readManifest, writeManifest } from '../../../lambda/ledger/manifest-store.ts'
import { rollForward } from '../../../lambda/ledger/operations/finish.ts'
import {
  plan,
  publish,
  publishedOf,
  runDay,
  startRun,
  visibleIds,
  work,
  type DayRun,
} from '../../support/lambda/run-day.ts'
import { DAY, HELD, startWorld, type World } from '../../support/lambda/world.ts'

const HOME = partitionPrefix(DAY.dataset, DAY.date)
const otherOf = (world: World) => world.process('other', 'arn:other').ledger

async function published(): Promise<World> {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  return world
}

/** Opens an intent on the day for another execution, which is alive. */
async function openByOther(world: World, wanted: (now: Published) => object): Promise<void> {
  const ledger = otherOf(world)
  const stored = await readManifest(ledger.data, DAY)
  await openIntent(ledger, DAY, stored, wanted(stored.manifest.published!) as Wanted<Intent>)
}

/** Runs `meanwhile` after a publisher's entry of an open intent, before its manifest announces the intent. */
function beforeIntent(world: World, caller: string, meanwhile: () => Promise<unknown>): void {
  world.afterWrite = async (call) => {
    if (call.caller.accessKeyId !== caller || !call.key?.startsWith('state/_open/')) return
    world.afterWrite = undefined
    await meanwhile()
  }
}

/** Runs `meanwhile` when a run is about to claim its day. */
function beforeClaim({ context }: DayRun, meanwhile: () => Promise<unknown>): void {
  let isReached = false
  context.ledger.data.s3.middlewareStack.add(
    (next) => async (args) => {
      const { Key, Body } = args.input as { readonly Key?: string; readonly Body?: unknown }
      const isClaim = Body !== undefined && Key?.endsWith('attempt.json') === true
      if (isClaim && !isReached) {
        isReached = true
        await meanwhile()
      }
      return await next(args)
    },
    { step: 'initialize' },
  )
}

test.each<[string, (now: Published) => object, string]>([
  ['corrects the catalog', () => ({ operation: 'point' }), 'process'],
  ['moves the day', (next) => ({ operation: 'move', copies: [], next, leaves: null }), 'process'],
  [
    'publishes',
    (now) => ({ operation: 'move', copies: [], next: { ...now, generation: 2 }, leaves: null }),
    'wait',
  ],
  ['deletes replaced files', () => ({ operation: 'retire' }), 'wait'],
])('while another execution %s, work on the day goes on or waits', async (_, wanted, action) => {
  const world = await published()
  world.putRaw('b.jsonl', ['b1'])
  await openByOther(world, wanted)
  expect(await plan(startRun(world, { leaseSeconds: HELD }))).toMatchObject({ action })
})

test('a publish waits by name while another execution deletes replaced files', async () => {
  const world = await published()
  world.putRaw('b.jsonl', ['b1'])
  const run = startRun(world, { leaseSeconds: HELD })
  const order = await work(run, await plan(run))
  await openByOther(world, () => ({ operation: 'retire' }))
  await expect(publish(run, order)).rejects.toMatchObject({
    code: 'CatalogBusy',
    message: expect.stringContaining('arn:other deletes replaced files. Publish again.') as string,
  })
  expect(await rollForward(otherOf(world), DAY)).toEqual({ kind: 'finished' })
  expect(await publish(run, order)).toMatchObject({ won: true })
  expect(await visibleIds(world)).toEqual(['a1', 'b1'])
})

test('a first publish is lost to whoever writes the manifest of the day before it', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const run = startRun(world, { caller: 'publisher' })
  const order = await work(run, await plan(run))
  beforeIntent(world, 'publisher', () => writeManifest(otherOf(world).data, DAY, EMPTY_MANIFEST, undefined))
  expect(await publish(run, order)).toEqual({ won: false })
  expect(world.keys('processed/')).toEqual([])
})

test.each(['/parts/', '/rejected/', '/profile'])(
  'an extension whose staged files in %s are deleted under it is given up and made again',
  async (kind) => {
    const world = await published()
    world.putRaw('b.jsonl', ['b1', 'bad'])
    const run = startRun(world, { caller: 'publisher' })
    const order = await work(run, await plan(run))
    beforeIntent(world, 'publisher', async () => {
      const staged = world.keys('staging/').filter((key) => key.includes(kind))
      expect(staged).not.toEqual([])
      await deleteObjects(otherOf(world).data, staged)
    })
    expect(await publish(run, order)).toEqual({ won: false })
    expect(await visibleIds(world)).toEqual(['a1'])
    expect((await publishedOf(world)).generation).toBe(1)
    expect(world.keys('state/_again/')).toHaveLength(1)
    world.running.clear()
    expect(await runDay(world)).toMatchObject({ status: 'published' })
    expect(await visibleIds(world)).toEqual(['a1', 'b1'])
  },
)

test('a publish that died is finished by the next run, which says so although it brings the day home as well', async () => {
  const world = await published()
  world.putRaw('a.jsonl', ['a2'])
  const run = startRun(world, { caller: 'publisher' })
  const order = await work(run, await plan(run))
  // The entry, then the manifest.
  world.dieAfter('publisher', 2)
  await expect(publish(run, order)).rejects.toThrow()
  world.running.clear()
  expect(await runDay(world)).toMatchObject({
    status: 'published',
    why: 'the unfinished publish of an earlier attempt was finished',
    generation: 2,
  })
  expect((await publishedOf(world)).location).toBe(HOME)
  expect(await visibleIds(world)).toEqual(['a2'])
})

test('a replacement deletes nothing that it has replaced while nobody knows who works on the day', async () => {
  const world = await published()
  world.putRaw('a.jsonl', ['a2'])
  const run = startRun(world)
  const order = await work(run, await plan(run))
  await deleteObjects(otherOf(world).data, [attemptKey(DAY.dataset, DAY.date)])
  expect(await publish(run, order)).toMatchObject({ won: true })
  expect(await visibleIds(world)).toEqual(['a2'])
  expect(world.keys(HOME)).toHaveLength(1)
  world.running.clear()
  await runDay(world)
  expect((await publishedOf(world)).location).toBe(HOME)
  expect(world.keys(HOME)).toHaveLength(1)
})

test('a day that another execution publishes before it is claimed is planned again', async () => {
  const world = await published()
  world.putRaw('b.jsonl', ['b1'])
  const late = startRun(world, { caller: 'late' })
  beforeClaim(late, () => runDay(world, { caller: 'other' }))
  expect(await plan(late)).toMatchObject({
    action: 'done',
    outcome: { status: 'unchanged', generation: 2 },
  })
})
