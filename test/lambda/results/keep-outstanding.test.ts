import { utimesSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { OutstandingFacts } from '../../../aws/outstanding-days.ts'
import type { DayOutcome } from '../../../core/messages.ts'
import { claimDay } from '../../../lambda/ledger/attempts.ts'
import { keepOutstanding, type EndedDay } from '../../../lambda/results/keep-outstanding.ts'
import { DAY, fileOf, startWorld } from '../../support/lambda/world.ts'

const KEY = `state/_outstanding/${DAY.dataset}/${DAY.date}`
const NOON = '2024-01-02T12:00:00.000Z'
const LATER = '2024-01-02T13:00:00.000Z'
const FAILED: DayOutcome = { ...DAY, status: 'failed', why: 'E', error: 'E', cause: 'first' }

/** A world in which an execution has begun an attempt at the day, and published nothing. */
async function startBegun() {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const attempt = { token: 't', kind: 'extend', execution: 'arn:begun', startedAt: NOON, why: '' } as const
  await claimDay(data, DAY, attempt, undefined)
  return {
    keep: (day: EndedDay, execution: string, now: string) => keepOutstanding(data, [day], { execution, now }),
    isOutstanding: () => world.keys(KEY).length === 1,
    /** Makes the entry two minutes old. */
    age: () => {
      const past = Date.now() / 1000 - 120
      utimesSync(world.s3.filePath('data', KEY), past, past)
    },
    entry: () => JSON.parse(fileOf(world, KEY).toString()) as OutstandingFacts,
  }
}

test.each<[string, Partial<DayOutcome>, boolean]>([
  ['as before', {}, false],
  ['with another status', { status: 'stuck' }, true],
  ['with another error', { error: 'F' }, true],
  ['with another cause', { cause: 'second' }, true],
])(
  'of a day that fails again %s, the entry tells the newest failure, and since when',
  async (_, more, isNew) => {
    const { keep, entry } = await startBegun()
    await keep(FAILED, 'arn:first', NOON)
    const told = { status: 'failed', error: 'E', cause: 'first' }
    expect(entry()).toMatchObject({ ...told, since: NOON, execution: 'arn:first' })
    await keep({ ...FAILED, ...more }, 'arn:second', LATER)
    const execution = isNew ? 'arn:second' : 'arn:first'
    expect(entry()).toMatchObject({ ...told, ...more, since: NOON, execution })
  },
)

test.each([
  ['ended before the entry was written', -60_000, true],
  ['ended after the entry was written', 60_000, false],
  ['ended at a time that is not known', undefined, false],
])('an entry stays or goes with a publish whose work %s', async (_, later, stays) => {
  const { keep, isOutstanding } = await startBegun()
  await keep(FAILED, 'arn:first', NOON)
  const endedAt = later === undefined ? undefined : new Date(Date.now() + later).toISOString()
  await keep({ ...DAY, status: 'published', why: '', endedAt }, 'arn:second', LATER)
  expect(isOutstanding()).toBe(stays)
})

test('a day that fails again as before is not removed by a publish that ended in between', async () => {
  const { keep, isOutstanding, age } = await startBegun()
  await keep(FAILED, 'arn:first', NOON)
  age()
  const endedAt = new Date(Date.now() - 60_000).toISOString()
  await keep(FAILED, 'arn:second', LATER)
  await keep({ ...DAY, status: 'published', why: '', endedAt }, 'arn:third', LATER)
  expect(isOutstanding()).toBe(true)
})

test('a day that an execution has begun and not published is outstanding where its outcome is unknown', async () => {
  const { keep, entry } = await startBegun()
  await keep({ ...FAILED, isUntold: true }, 'arn:begun', NOON)
  expect(entry()).toMatchObject({ status: 'failed', since: NOON })
})
