import { CopyObjectCommand, RestoreObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { attemptKey } from '../../../core/layout.ts'
import { decodeWorkOrder } from '../../../core/work-order.ts'
import { plan, publishedOf, runDay, startRun, visibleIds } from '../../support/lambda/run-day.ts'
import { fileOf, startWorld, type World } from '../../support/lambda/world.ts'

const PREFIX = 'jobs/2024/01/02/'
const SKIP = { settings: { unreadable: 'skip' as const } }

function archive(world: World, name: string) {
  const place = { Bucket: 'raw', Key: PREFIX + name, CopySource: `raw/${PREFIX}${name}` }
  return world
    .process('someone', 'x')
    .raw.s3.send(new CopyObjectCommand({ ...place, StorageClass: 'GLACIER' }))
}

function restore(world: World, name: string) {
  const place = { Bucket: 'raw', Key: PREFIX + name, RestoreRequest: { Days: 1 } }
  return world.process('someone', 'x').raw.s3.send(new RestoreObjectCommand(place))
}

/** Starts a world in which objects have an ETag that archiving does not change. */
async function startStored(names: Readonly<Record<string, readonly string[]>>): Promise<World> {
  const world = await startWorld()
  for (const [name, ids] of Object.entries(names)) {
    world.putRaw(name, ids)
    const place = { Bucket: 'raw', Key: PREFIX + name, CopySource: `raw/${PREFIX}${name}` }
    const { s3 } = world.process('someone', 'x').raw
    await s3.send(new CopyObjectCommand({ ...place, MetadataDirective: 'REPLACE' }))
  }
  return world
}

test('a day whose raw files are archived after it was published stays quiet', async () => {
  const world = await startStored({ 'a.jsonl': ['a1'], 'b.jsonl': ['b1'] })
  await runDay(world)
  await archive(world, 'a.jsonl')
  const { length } = world.writes
  const outcome = await runDay(world)
  expect(outcome).toMatchObject({ status: 'unchanged', why: 'unchanged', generation: 1 })
  expect(outcome.unread).toBeUndefined()
  expect(world.writes).toHaveLength(length)
})

test('a new archived file fails the day before a job starts, and nothing changes', async () => {
  const world = await startStored({ 'a.jsonl': ['a1'] })
  await runDay(world)
  world.putRaw('b.jsonl', ['b1'])
  await archive(world, 'b.jsonl')
  const { length } = world.writes
  await expect(runDay(world)).rejects.toMatchObject({
    code: 'UnreadableObjects',
    message:
      'jobs 2024-01-02: s3://raw/jobs/2024/01/02/: expected raw files that can be read, found 1 archived file, first ' +
      `${PREFIX}b.jsonl in GLACIER. Restore them, or set unreadable: 'skip' to publish the day without them. ` +
      'Nothing was changed.',
  })
  expect(world.writes.slice(length)).toMatchObject([{ key: attemptKey('jobs', '2024-01-02') }])
  expect(await visibleIds(world)).toEqual(['a1'])
})

test('where unreadable files are skipped, archived ones are named, and added once they are restored', async () => {
  const world = await startStored({ 'a.jsonl': ['a1'], 'b.jsonl': ['b1', 'b2'] })
  world.putRaw('_c.jsonl', ['c1'])
  await archive(world, 'b.jsonl')
  const unread = {
    hidden: { count: 1, bytes: 3, first: `${PREFIX}_c.jsonl` },
    unreadable: { count: 1, bytes: 6, first: `${PREFIX}b.jsonl`, why: 'archived: GLACIER' },
  }
  expect(await runDay(world, { ...SKIP, dryRun: true })).toMatchObject({ status: 'planned', unread })
  const run = startRun(world, SKIP)
  const planned = await plan(run)
  const uri = planned.action === 'process' ? planned.workOrder : ''
  expect(decodeWorkOrder(fileOf(world, uri.replace('s3://data/', '')), uri)).toMatchObject({
    why: 'new day: 1 file; 1 archived file left out',
    inputs: [{ key: `${PREFIX}a.jsonl` }],
    unread,
  })
  world.running.clear()
  await runDay(world, SKIP)
  expect(await visibleIds(world)).toEqual(['a1'])
  expect(await runDay(world, SKIP)).toMatchObject({ status: 'unchanged', unread })
  await restore(world, 'b.jsonl')
  expect(await runDay(world, SKIP)).toMatchObject({ status: 'published', kind: 'extend', why: '1 new file' })
  expect(await visibleIds(world)).toEqual(['a1', 'b1', 'b2'])
})

test('a rebuild loses no rows of archived files, unless that is allowed', async () => {
  const world = await startStored({ 'a.jsonl': ['a1'], 'b.jsonl': ['b1'] })
  await runDay(world)
  await archive(world, 'a.jsonl')
  expect(await runDay(world, { featureVersion: 'v2' })).toMatchObject({
    status: 'unchanged',
    why:
      'unchanged; 1 file archived (GLACIER), published rows stay; not rebuilt although feature code changed: ' +
      'mode rebuild does once they are restored',
  })
  for (const options of [{}, SKIP]) {
    await expect(runDay(world, { mode: 'rebuild', ...options })).rejects.toMatchObject({
      code: 'UnreadableObjects',
    })
  }
  expect(await visibleIds(world)).toEqual(['a1', 'b1'])
  await runDay(world, { mode: 'rebuild', allowEmpty: true, ...SKIP })
  expect(await visibleIds(world)).toEqual(['b1'])
  await restore(world, 'a.jsonl')
  await runDay(world, { mode: 'rebuild' })
  expect(await visibleIds(world)).toEqual(['a1', 'b1'])
})

test('a file that rules of today hide keeps its rows, and one of no bytes is not missed', async () => {
  const world = await startStored({ 'a.jsonl': ['a1'], 'b.txt': ['b1'] })
  await runDay(world)
  const later = { settings: { rawFiles: ['*.jsonl'] } }
  expect(await runDay(world, later)).toMatchObject({
    status: 'unchanged',
    why: 'unchanged; 1 file none of rawFiles today, published rows stay',
    unread: { excluded: { count: 1, bytes: 3, first: `${PREFIX}b.txt` } },
  })
  expect((await publishedOf(world)).generation).toBe(1)
})
