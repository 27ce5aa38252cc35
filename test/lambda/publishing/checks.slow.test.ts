import { expect, test } from 'vitest'
import { deleteObjects, putObject } from '../../../aws/write-objects.ts'
import { addDays } from '../../../core/dates.ts'
import type { CheckResult } from '../../../core/checks.ts'
import { encodeManifest, EMPTY_MANIFEST, type Published } from '../../../core/manifest.ts'
import { newProfile } from '../../../core/profile.ts'
import { checkChecks } from '../../../lambda/publishing/check-checks.ts'
import { publishedOf, runDay, visibleIds, type DayRunOptions } from '../../support/lambda/run-day.ts'
import { DAY, startWorld, type World } from '../../support/lambda/world.ts'

const sketches = (world: World) =>
  world.keys('state/jobs/day_partition=2024-01-02/').filter((key) => key.includes('/profile-'))
const OVER = { at: '2024-01-09T00:00:00Z' } as const
const named = (published: { readonly sketches?: readonly { readonly key: string }[] }) =>
  published.sketches?.map(({ key }) => key)

test('a day has a profile of all its rows, through extensions, a rebuild and a consolidation', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a', 'b', 'b'])
  await runDay(world)
  const first = await publishedOf(world)
  expect(first.profile).toMatchObject({ rows: 3, columns: { id: { min: 'a', max: 'b', distinct: 2 } } })
  world.putRaw('b.jsonl', ['c', 'b'])
  await runDay(world)
  const second = await publishedOf(world)
  expect(second.profile).toMatchObject({ rows: 5, columns: { id: { max: 'c', distinct: 3 } } })
  expect(second.profile!.columns['id']!.top[0]).toEqual({ value: 'b', count: 3 })
  expect(second.sketches).toHaveLength(2)
  expect(sketches(world)).toEqual(named(second))
  expect((await runDay(world, OVER)).kind).toBe('consolidate')
  const third = await publishedOf(world)
  expect(third.profile).toEqual(second.profile)
  expect(third.sketches).toEqual(second.sketches)
  await runDay(world, { mode: 'rebuild' })
  const fourth = await publishedOf(world)
  expect(fourth.profile).toEqual(second.profile)
  expect(fourth.sketches).toHaveLength(1)
  // Replaced sketches go with the folder that the day leaves.
  expect(sketches(world)).toEqual(named(fourth))
})

test('rows without a sketch that can be read leave a day without a profile, and stop nothing', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a'])
  await runDay(world)
  const { ledger } = world.process('test', 'test')
  await deleteObjects(ledger.data, sketches(world))
  world.putRaw('b.jsonl', ['b'])
  const outcome = await runDay(world, {
    settings: { checks: [{ check: 'notNull', column: 'id', otherwise: 'fail' }] },
  })
  expect(outcome).toMatchObject({ status: 'published', checks: { passed: 0, failed: 0, unknown: 1 } })
  expect((await publishedOf(world)).profile).toBeUndefined()
  await runDay(world, { mode: 'rebuild' })
  expect((await publishedOf(world)).profile?.rows).toBe(2)
})

const LIKE_BEFORE: DayRunOptions = {
  settings: { checks: [{ check: 'rows', min: 0.5, max: 2, otherwise: 'fail' }] },
}

async function publishBefore(world: World): Promise<void> {
  for (const back of [1, 2, 3]) {
    const day = { dataset: 'jobs', date: addDays(DAY.date, -back) }
    world.putRaw('a.jsonl', ['a', 'b', 'c', 'd'], day)
    await runDay(world, { day })
  }
}

test('a failed check stops the day by name, what is published stays, and a day like before is published', async () => {
  const world = await startWorld()
  await publishBefore(world)
  world.putRaw('a.jsonl', ['a', 'b', 'c'])
  await runDay(world)
  world.putRaw('a.jsonl', ['x'])
  await expect(runDay(world, { ...LIKE_BEFORE, ...OVER })).rejects.toThrow(
    'jobs 2024-01-02: check rows: expected 0.5 to 2 times the rows of the days before, found 1 rows after a median of ' +
      '4 (0.25 times). The published data stays as it was.',
  )
  expect(await visibleIds(world)).toEqual(['a', 'b', 'c'])
  world.putRaw('a.jsonl', ['x', 'y', 'z'])
  const outcome = await runDay(world, { ...LIKE_BEFORE, ...OVER })
  expect(outcome.checks).toEqual({ passed: 1, failed: 0, unknown: 0, told: [] })
  const { checks } = await publishedOf(world)
  expect(checks).toMatchObject([{ check: 'rows', otherwise: 'fail', state: 'passed' }])
})

test.each([
  [0, undefined],
  [1, 'check c1: expected 0, found 1. The published'],
  [5, 'check c5: expected 0, found 5. The published'],
  [6, 'check c5: expected 0, found 5; and 1 more. The published'],
])('of %d failed checks the first five are told', (count, end) => {
  const failed = Array.from({ length: count }, (_, index) => resultOf(index + 1))
  const more = [resultOf(8, { otherwise: 'warn' }), resultOf(9, { state: 'unknown' })]
  const check = () => checkChecks({ ...DAY, checks: [...more, ...failed] } as unknown as Published)
  if (end === undefined) return expect(check).not.toThrow()
  expect(check).toThrow(`jobs 2024-01-02: check c1: expected 0, found 1`)
  expect(check).toThrow(end)
  const context = { failed: failed.map(({ check }) => check) }
  expect(check).toThrow(expect.objectContaining({ code: 'ChecksFailed', context }) as Error)
})

const resultOf = (number: number, more: Partial<CheckResult> = {}): CheckResult => ({
  ...{ check: `c${number}`, otherwise: 'fail', state: 'failed', expected: '0', found: `${number}` },
  ...more,
})

test('a check that warns lets the day pass, and is told', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a', 'a'])
  const outcome = await runDay(world, {
    settings: { checks: [{ check: 'drift' }, { check: 'rows', min: 1 }] },
  })
  expect(outcome).toMatchObject({ status: 'published', checks: { failed: 0, unknown: 2 } })
  expect(outcome.checks!.told[0]).toContain('not judged: drift: expected')
})

test('days before that cannot be read are none to compare with', async () => {
  const world = await startWorld()
  await publishBefore(world)
  const { ledger } = world.process('test', 'test')
  const key = (back: number) => `state/jobs/day_partition=${addDays(DAY.date, -back)}/manifest.json.gz`
  await putObject(ledger.data, key(1), Buffer.from('broken'))
  await putObject(ledger.data, key(2), encodeManifest(EMPTY_MANIFEST))
  const published = { ...(await publishedOf(world, { dataset: 'jobs', date: addDays(DAY.date, -3) })) }
  const newer = { ...published, profile: { ...newProfile(4, {}), version: 99 } }
  await putObject(ledger.data, key(3), encodeManifest({ published: newer, intent: null }))
  world.putRaw('a.jsonl', ['a'])
  const outcome = await runDay(world, { ...LIKE_BEFORE, ...OVER })
  expect(outcome.checks!.told).toEqual([
    'not judged: rows: expected 0.5 to 2 times the rows of the days before, found 1 of the seven days before: it takes 3 to judge',
  ])
})
