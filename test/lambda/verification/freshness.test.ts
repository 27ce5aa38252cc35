import { expect, test } from 'vitest'
import { putObject } from '../../../aws/write-objects.ts'
import { addDays } from '../../../core/dates.ts'
import { summaryKey } from '../../../core/layout.ts'
import type { DayOutcome } from '../../../core/messages.ts'
import { hoursSinceVerified, recordVerified } from '../../../lambda/ledger/verified-fact.ts'
import { isFreshRun } from '../../../lambda/verification/freshness.ts'
import { DEPLOYMENT } from '../../support/lambda/dataset.ts'
import { startWorld } from '../../support/lambda/world.ts'

const TODAY = new Date().toISOString().slice(0, 10)
const execution = { arn: 'arn', name: 'name' }
const day = (status: string, date: string = TODAY, dataset = 'jobs') => ({ dataset, date, status, why: '' })

async function isFresh(days: readonly object[], verified = 0): Promise<boolean> {
  const world = await startWorld()
  const { data } = world.process('verify', 'arn').ledger
  const summary = { execution, dryRun: false, mode: 'changed', counts: {}, days: days as DayOutcome[] }
  await putObject(data, summaryKey(execution.name), JSON.stringify(summary))
  return await isFreshRun(execution, { verified }, { data, deployment: DEPLOYMENT })
}

test.each([
  ['published and verified', [day('published')], 1, true],
  ['published, and moved meanwhile', [day('published')], 0, false],
  ['left unchanged', [day('unchanged')], 0, true],
  [
    'unchanged beside days that failed and are empty',
    [day('failed'), day('empty'), day('unchanged')],
    0,
    true,
  ],
  ['busy', [day('busy')], 0, false],
  ['failed, stuck or empty', [day('failed'), day('stuck'), day('empty')], 0, false],
  ['other days than those of the schedule', [day('published', addDays(TODAY, -8))], 1, false],
  ['days of a dataset that is not deployed', [day('unchanged', TODAY, 'gone')], 0, false],
  ['no days', [], 0, false],
])('a run with days that were %s', async (_, days, verified, expected) => {
  expect(await isFresh(days, verified)).toBe(expected)
})

test('a run of which nothing is known shows nothing', async () => {
  const { data } = (await startWorld()).process('verify', 'arn').ledger
  expect(await isFreshRun(execution, { verified: 1 }, { data, deployment: DEPLOYMENT })).toBe(false)
})

test('hours count from the first execution, and from the last run that found the tables right', async () => {
  const world = await startWorld()
  const { data } = world.process('plan', 'arn').ledger
  const asked = () => hoursSinceVerified(data, 'name')
  expect(await asked()).toBe(0)
  const writes = world.writes.length
  expect(await asked()).toBeLessThan(0.01)
  expect(world.writes).toHaveLength(writes)
  await recordVerified(data, 'name')
  expect(await asked()).toBeLessThan(0.01)
  expect(world.writes).toHaveLength(writes + 1)
})
