import { expect, test } from 'vitest'
import { deleteObjects, putObject } from '../../../../aws/write-objects.ts'
import { partitionPrefix, rejectedPrefix } from '../../../../core/layout.ts'
import { putAwayEntry } from '../../../../lambda/ledger/away-entries.ts'
import { readManifest, writeManifest } from '../../../../lambda/ledger/manifest-store.ts'
import { beforePublish, publishUntil, type Scenario } from '../../../support/lambda/cut-publish.ts'
import { publishedOf, runDay } from '../../../support/lambda/run-day.ts'
import { expectMended, nextPlan } from '../../../support/lambda/scenarios.ts'
import { DAY, startWorld } from '../../../support/lambda/world.ts'

const extension: Scenario = {
  name: 'an extension of one part with a reject',
  before: async (world) => {
    world.putRaw('a.jsonl', ['a1'])
    await runDay(world)
    world.putRaw('b.jsonl', ['b1', 'bad'])
  },
  ids: ['a1', 'b1'],
}

test('an extension that lost its staging leaves nothing behind, wherever its publisher died', async () => {
  const ends = new Set<string>()
  for (let k = 1; ; k++) {
    const moment = await beforePublish(extension)
    const { world } = moment
    if (!(await publishUntil(moment, k))) break
    await deleteObjects(world.process('lifecycle', 'lifecycle').ledger.data, world.keys('staging/'))
    const { swept } = await nextPlan(world, 'next')
    for (const { end } of swept) ends.add(end)
    await expectMended(world, extension)
    const { sketches } = await publishedOf(world)
    expect(world.keys('state/').filter((key) => key.includes('/profile-'))).toEqual(
      sketches!.map(({ key }) => key),
    )
    for (const list of ['state/_away/', 'state/_open/']) expect(world.keys(list)).toEqual([])
  }
  expect([...ends].sort()).toEqual(['finished', 'forgotten', 'none'])
})

const HOME = partitionPrefix(DAY.dataset, DAY.date)
const REJECTS = `${rejectedPrefix(DAY.dataset, DAY.date)}rejected-00002-0123456789ab-00000.jsonl.gz`
const HIDDEN = `${HOME}_hidden`

test.each([
  ['all lie outside of it', [REJECTS], []],
  ['one lies in it', [REJECTS, HIDDEN], [HIDDEN, REJECTS]],
])('keys recorded with the folder that is shown are deleted only if %s', async (_, keys, left) => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const { data } = world.process('test', 'test').ledger
  for (const key of keys) await putObject(data, key, key)
  await putAwayEntry(data, DAY)
  const { manifest, etag } = await readManifest(data, DAY)
  await writeManifest(data, DAY, { ...manifest, retired: [{ prefix: HOME, keys }] }, etag)
  const steps = left.length === 0 ? 'unchanged; replaced files deleted' : 'unchanged'
  expect(await runDay(world)).toMatchObject({ status: 'unchanged', why: steps })
  expect(world.keys('').filter((key) => keys.includes(key))).toEqual(left)
  expect(world.keys('state/_away/')).toHaveLength(left.length === 0 ? 0 : 1)
})
