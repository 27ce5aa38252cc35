import { expect, test } from 'vitest'
import { putDayEntry } from '../../../aws/day-entries.ts'
import { listObjects } from '../../../aws/list-objects.ts'
import { putObject } from '../../../aws/write-objects.ts'
import type { DatasetDay } from '../../../core/dataset-day.ts'
import { OUTSTANDING, SCHEDULED } from '../../../core/layout.ts'
import { putAwayEntry } from '../../../lambda/ledger/away-entries.ts'
import { requeueDay } from '../../../lambda/ledger/requeue-entries.ts'
import { putScheduledDays } from '../../../lambda/ledger/scheduled-days.ts'
import { plan } from '../../../lambda/planning/plan.ts'
import { DATASET, DEPLOYMENT } from '../../support/lambda/dataset.ts'
import { fileOf, startWorld, type World } from '../../support/lambda/world.ts'

const EXECUTION = { arn: 'arn:plan', name: 'plan' }

function planOf(world: World, input: unknown, reservedForSchedule = 0) {
  const { ledger } = world.process('plan', EXECUTION.arn)
  const event = { execution: EXECUTION, startedAt: '2024-01-10T01:00:00Z', input }
  return plan(event, { ledger, deployment: DEPLOYMENT, maxConcurrency: 7, reservedForSchedule })
}

test('the schedule covers today and the days before it, newest first', async () => {
  const world = await startWorld()
  const output = await planOf(world, { scheduledAt: '2024-01-09T23:10:00Z' })
  expect(output).toMatchObject({ count: 8, maxConcurrency: 7, scheduled: true, at: '2024-01-09T23:10:00Z' })
  const items = JSON.parse(fileOf(world, output.items.key).toString()) as { date: string }[]
  expect(items[0]).toEqual({ dataset: 'jobs', date: '2024-01-09', mode: 'changed' })
  expect(items.at(-1)!.date).toBe('2024-01-02')
})

test.each([
  [{ scheduledAt: '2024-01-09T23:10:00Z' }, 7],
  [{}, 5],
  [{ maxConcurrency: 3 }, 3],
  [{ maxConcurrency: 100 }, 5],
])('of %j, %d dataset-days are worked on at once: the schedule keeps two', async (input, most) => {
  expect(await planOf(await startWorld(), input, 2)).toMatchObject({ maxConcurrency: most })
})

test('a person asks for a range', async () => {
  const world = await startWorld()
  const input = { from: '2024-01-01', to: '2024-01-31', mode: 'rebuild', maxConcurrency: 2, allowEmpty: true }
  expect(await planOf(world, input)).toMatchObject({
    count: 31,
    maxConcurrency: 2,
    mode: 'rebuild',
    allowEmpty: true,
    scheduled: false,
    at: '2024-01-10T01:00:00Z',
  })
})

test('days of a dataset that allows one at once have others between them', async () => {
  const world = await startWorld()
  const { ledger } = world.process('plan', EXECUTION.arn)
  const input = { from: '2024-01-01', to: '2024-01-03', maxConcurrency: 3 }
  const datasets = [
    { ...DATASET, maxConcurrency: 1 },
    { ...DATASET, name: 'a' },
  ]
  const event = { execution: EXECUTION, startedAt: '2024-01-10T01:00:00Z', input }
  const { items } = await plan(event, { ledger, deployment: { datasets }, maxConcurrency: 9 })
  const order = JSON.parse(fileOf(world, items.key).toString()) as { dataset: string }[]
  expect(order.map(({ dataset }) => dataset)).toEqual(['jobs', 'a', 'a', 'jobs', 'a', 'jobs'])
})

test('days that are worked on beside the requested ones are of deployed datasets, and each is an item once', async () => {
  const world = await startWorld()
  const { data } = world.process('test', 'arn').ledger
  const day = (date: string, dataset = 'jobs') => ({ dataset, date: `2024-01-${date}` })
  const requested = day('09')
  for (const each of [requested, day('05')]) await requeueDay(data, each)
  for (const each of [requested, day('05'), day('06')]) await putDayEntry(data, OUTSTANDING, each)
  for (const each of [requested, day('05'), day('06'), day('07')]) await putAwayEntry(data, each)
  await requeueDay(data, day('08', 'gone'))
  await putDayEntry(data, OUTSTANDING, day('08', 'gone'))
  await putAwayEntry(data, day('08', 'gone'))
  const range = { from: requested.date, to: requested.date }
  const itemsOf = async (input: object) => {
    const { items, count } = await planOf(world, input)
    const listed = JSON.parse(fileOf(world, items.key).toString()) as object[]
    expect(listed).toHaveLength(count)
    return listed
  }
  expect(await itemsOf(range)).toEqual([
    { ...requested, mode: 'changed' },
    { ...day('05'), mode: 'changed' },
    { ...day('06'), mode: 'changed' },
    { ...day('07'), mode: 'tend' },
  ])
  expect(await itemsOf({ ...range, dryRun: true })).toEqual([{ ...requested, mode: 'changed' }])
})

test.each([
  [{ form: '2024-01-01' }, /unknown field "form"/],
  [{ from: '2024-02-01', to: '2024-01-01' }, /not after/],
  [{ from: '2024-02-30', to: '2024-02-30' }, /existing day/],
  [{ datasets: ['job'] }, /expected names among jobs, found "job"/],
  [{ from: '2020-01-01', to: '2024-01-01' }, /at most 1100 dataset-days an execution, found 1462/],
])('%j is refused before anything is done', async (input, message) => {
  const world = await startWorld()
  await expect(planOf(world, input)).rejects.toThrow(message)
  expect(world.writes).toEqual([])
})

const itemDays = async (world: World, name: string, input: object) => {
  const { ledger } = world.process('plan', name)
  const event = { execution: { arn: name, name }, startedAt: '2024-01-20T01:00:00Z', input }
  const { items } = await plan(event, { ledger, deployment: DEPLOYMENT, maxConcurrency: 7 })
  const listed = JSON.parse(fileOf(world, items.key).toString()) as { date: string }[]
  return listed.map(({ date }) => date.slice(-2)).sort()
}
async function scheduledKeys(world: World): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of listObjects(world.process('test', 'arn').ledger.data, SCHEDULED)) keys.push(key)
  return keys
}

test('days of a scheduled execution that died are those of the next scheduled one, beyond its lookback', async () => {
  const world = await startWorld()
  const days = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => String(from + index).padStart(2, '0'))
  expect(await itemDays(world, 'one', { scheduledAt: '2024-01-09T23:10:00Z' })).toEqual(days(2, 9))
  // Neither a person's execution nor a dry run takes them over.
  expect(await itemDays(world, 'own', { from: '2024-01-20', to: '2024-01-20' })).toEqual(['20'])
  const dry = { scheduledAt: '2024-01-11T23:10:00Z', dryRun: true }
  expect(await itemDays(world, 'dry', dry)).toEqual(days(4, 11))
  expect(await itemDays(world, 'two', { scheduledAt: '2024-01-11T23:10:00Z' })).toEqual(days(2, 11))
  // It dies as well, and so did a try of the third.
  for (let tries = 0; tries < 2; tries++)
    expect(await itemDays(world, 'three', { scheduledAt: '2024-01-12T02:10:00Z' })).toEqual(days(2, 12))
  expect(await scheduledKeys(world)).toEqual(['state/_scheduled/three'])
})

test('days of scheduled executions are of deployed datasets, and a list that cannot be read stays', async () => {
  const world = await startWorld()
  const { data } = world.process('test', 'arn').ledger
  const dead = (name: string, ...days: object[]) => putScheduledDays(data, name, days as DatasetDay[])
  await dead('one', { dataset: 'gone', date: '2024-01-01' }, { dataset: 'jobs', date: '2024-01-01' })
  await dead('two', { dataset: 'jobs', date: '2024-01-01' })
  await putObject(data, 'state/_scheduled/broken', '{"version":99}')
  const input = { scheduledAt: '2024-01-09T23:10:00Z' }
  const found = await itemDays(world, 'three', input)
  expect(found).toEqual(['01', '02', '03', '04', '05', '06', '07', '08', '09'])
  expect(await scheduledKeys(world)).toEqual(['state/_scheduled/broken', 'state/_scheduled/three'])
})
