import { describe, expect, test } from 'vitest'
import type { CollectInput, Summary } from '../../../core/messages.ts'
import { readAttempt } from '../../../aws/day-state.ts'
import { listEmptyDays, readEmptyDay } from '../../../aws/empty-days.ts'
import { listObjects } from '../../../aws/list-objects.ts'
import { putObject } from '../../../aws/write-objects.ts'
import { SCHEDULED } from '../../../core/layout.ts'
import { putScheduledDays } from '../../../lambda/ledger/scheduled-days.ts'
import { requeueDay } from '../../../lambda/ledger/requeue-entries.ts'
import { collect } from '../../../lambda/results/collect.ts'
import { failureText } from '../../../lambda/results/failure-text.ts'
import { GARBAGE } from '../../support/garbage.ts'
import { plan, runDay, startRun, tick } from '../../support/lambda/run-day.ts'
import { mapResultsOf, writeMapResults, type MapResults } from '../../support/lambda/run-files.ts'
import { DAY, fileOf, startWorld, type World } from '../../support/lambda/world.ts'

const RESULTS = mapResultsOf('name')

const writeResults = (world: World, results: MapResults) => writeMapResults(world, 'name', results)

const day = (date: string, dataset = 'jobs') => JSON.stringify({ dataset, date, mode: 'changed' })
const failed = (date: string, Error: string, Cause: string) => ({
  Input: day(date),
  Status: 'FAILED',
  Error,
  Cause,
})
const output = (date: string, status: string, dataset = 'jobs') => ({
  Input: day(date, dataset),
  Output: JSON.stringify({ dataset, date, status, why: 'because' }),
  Status: 'SUCCEEDED',
})

function inputOf(more: Partial<CollectInput['plan']> = {}): CollectInput {
  const execution = { arn: 'arn', name: 'name' }
  const items = { bucket: 'data', key: 'runs/name/items.json' }
  const at = '2024-01-02T00:00:00Z'
  const flags = {
    dryRun: false,
    allowEmpty: false,
    scheduled: false,
    mode: 'changed',
    maxConcurrency: 1,
  } as const
  return {
    plan: { execution, items, count: 1, at, ...flags, ...more },
    results: RESULTS,
  }
}

test('the summary has every day in order, and the cause names failed days and how to redo them', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  await writeResults(world, {
    SUCCEEDED: [
      output('2024-01-02', 'published'),
      output('2024-01-01', 'unchanged'),
      output('2024-01-09', 'empty', 'clicks'),
    ],
    FAILED: [
      failed('2024-01-05', 'States.TaskFailed', JSON.stringify({ ExitMessage: 'extract threw.\nat line 1' })),
      failed('2024-01-03', 'EmptyPrefix', JSON.stringify({ errorMessage: 'no raw files' })),
    ],
    PENDING: [{ Input: day('2024-01-07'), Status: 'PENDING' }],
  })
  const result = await collect(inputOf(), { data, now: tick })
  expect(result.counts).toMatchObject({ published: 1, unchanged: 1, empty: 1, failed: 3 })
  expect(result.cause).toContain('3 of 6 dataset-days failed.')
  expect(result.cause).toContain('\njobs 2024-01-05: States.TaskFailed: extract threw.\n')
  expect(result.cause).toContain(
    'redo them with the input {"from":"2024-01-05","to":"2024-01-07","datasets":["jobs"],"mode":"failed"}\n',
  )
  expect(result.cause).toContain(
    'EmptyPrefix keep their rows; what deletes these is the input ' +
      '{"from":"2024-01-03","to":"2024-01-03","datasets":["jobs"],"mode":"failed","allowEmpty":true}\n',
  )
  expect(result.cause).not.toContain('npm run')
  expect(await listEmptyDays(data, 'clicks')).toEqual(new Set(['2024-01-09']))
  expect(await readEmptyDay(data, { dataset: 'clicks', date: '2024-01-09' })).toMatchObject({
    why: 'because',
    execution: 'arn',
  })
  const summary = JSON.parse(fileOf(world, 'runs/name/summary.json').toString()) as Summary
  expect(summary.days.map(({ dataset, date }) => `${dataset} ${date}`)).toEqual([
    'clicks 2024-01-09',
    'jobs 2024-01-01',
    'jobs 2024-01-02',
    'jobs 2024-01-03',
    'jobs 2024-01-05',
    'jobs 2024-01-07',
  ])
})

test('the cause names each day once, and that of a dry run nothing to be redone', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const cause = JSON.stringify({ errorMessage: 'jobs 2024-01-03: expected at most 1% rejected' })
  await writeResults(world, {
    SUCCEEDED: [],
    FAILED: [failed('2024-01-03', 'RejectedRatioExceeded', cause)],
    PENDING: [],
  })
  const run = await collect(inputOf(), { data, now: tick })
  expect(run.cause).toContain('\njobs 2024-01-03: RejectedRatioExceeded: expected at most 1% rejected\n')
  const dry = await collect(inputOf({ dryRun: true }), { data, now: tick })
  expect(world.keys('state/_empty/')).toEqual([])
  expect(dry.cause.split('\n')).toEqual([
    '1 of 1 dataset-days would fail.',
    'jobs 2024-01-03: RejectedRatioExceeded: expected at most 1% rejected',
    expect.stringMatching(/^Every outcome: /) as string,
  ])
})

test('without failed days there is no cause', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  await writeResults(world, { SUCCEEDED: [output('2024-01-02', 'published')], FAILED: [], PENDING: [] })
  expect((await collect(inputOf(), { data, now: tick })).cause).toBe('')
})

test.each<[string, MapResults, string]>([
  ['has succeeded', { SUCCEEDED: [output('2024-01-02', 'published')] }, 'published'],
  ['has failed', { FAILED: [failed('2024-01-02', 'E', 'c')] }, 'failed'],
  ['was never started', { PENDING: [{ Input: day('2024-01-02'), Status: 'PENDING' }] }, 'failed'],
])('results of nothing but a child that %s are whole', async (_, results, status) => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  await writeResults(world, results)
  const { counts } = await collect(inputOf(), { data, now: tick })
  expect(Object.entries(counts).filter(([, count]) => count > 0)).toEqual([[status, 1]])
})

test('the cause of a thousand failed days stays small', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const days = Array.from({ length: 1000 }, (_, index) =>
    failed(new Date(Date.UTC(2020, 0, index + 1)).toISOString().slice(0, 10), 'E', 'x'.repeat(30_000)),
  )
  await writeResults(world, { SUCCEEDED: [], FAILED: days, PENDING: [] })
  const { cause } = await collect(inputOf({ dryRun: true }), { data, now: tick })
  expect(cause.length).toBeLessThan(15_000)
  expect(cause).toContain('and 980 more')
})

test('mode failed finds a day that failed before it could make an attempt', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const { data } = world.process('collect', 'arn').ledger
  await writeResults(world, {
    SUCCEEDED: [],
    FAILED: [failed('2024-01-02', 'Lambda.Unknown', 'died')],
    PENDING: [],
  })
  await collect(inputOf({ mode: 'rebuild' }), { data, now: tick })
  expect(await runDay(world, { mode: 'failed' })).toMatchObject({ status: 'published', kind: 'rebuild' })
})

test('a day that another execution works on stays its own', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await plan(startRun(world))
  const { data } = world.process('collect', 'arn').ledger
  await writeResults(world, { SUCCEEDED: [], FAILED: [failed('2024-01-02', 'E', 'c')], PENDING: [] })
  await collect(inputOf(), { data, now: tick })
  expect(await runDay(world, { scheduled: true })).toMatchObject({ status: 'busy' })
})

test('what another execution has published since a day failed stays published', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const StopDate = tick()
  await runDay(world)
  const { data } = world.process('collect', 'arn').ledger
  const children = [{ ...failed('2024-01-02', 'E', 'c'), StopDate }]
  await writeResults(world, { SUCCEEDED: [], FAILED: children, PENDING: [] })
  await collect(inputOf(), { data, now: tick })
  expect(await runDay(world, { mode: 'failed' })).toMatchObject({ status: 'not-failed' })
})

test('a day that was to be worked on again has been, unless it was left to another execution', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const days = ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04']
  for (const date of days) await requeueDay(data, { dataset: 'jobs', date })
  await writeResults(world, {
    SUCCEEDED: [output(days[0]!, 'published'), output(days[1]!, 'busy')],
    FAILED: [failed(days[2]!, 'E', 'c')],
    PENDING: [],
  })
  await collect(inputOf({ dryRun: true }), { data, now: tick })
  expect(world.keys('state/_again/')).toHaveLength(4)
  await collect(inputOf(), { data, now: tick })
  expect(world.keys('state/_again/')).toEqual([days[1], days[3]].map((date) => `state/_again/jobs/${date}`))
})

describe.each(GARBAGE)('results that hold %s', (_, garbage) => {
  const items = ['2024-01-01', '2024-01-02', '2024-01-03'].map((date) => ({ dataset: 'jobs', date }))

  async function collectDamaged(key: string) {
    const world = await startWorld()
    const { data } = world.process('collect', 'arn').ledger
    await putObject(data, 'runs/name/items.json', JSON.stringify(items))
    await writeResults(world, {
      SUCCEEDED: [output('2024-01-01', 'published'), output('2024-01-02', 'unchanged')],
      FAILED: [failed('2024-01-03', 'E', 'c')],
      PENDING: [],
    })
    await putObject(data, key, garbage)
    const result = await collect(inputOf(), { data, now: tick })
    const { days } = JSON.parse(fileOf(world, 'runs/name/summary.json').toString()) as Summary
    return { world, data, result, days }
  }

  test.each([
    ['in one file leave the days of the others as they are', 'runs/name/map/id/FAILED_0.json', 1],
    ['in their manifest stop no later state', RESULTS.Key, 3],
  ])('%s, and name the file', async (_, key, count) => {
    const { world, result, days } = await collectDamaged(key)
    expect(result.counts.failed).toBe(count)
    expect(days.map(({ date }) => date)).toEqual(items.map(({ date }) => date))
    expect(days[2]).toMatchObject({ status: 'failed', error: 'CorruptState' })
    expect(days[2]!.cause).toContain(`${key}: expected`)
    expect(result.cause).toContain(`${key}: expected`)
    // Nothing is noted about them, because the ledger knows their outcome.
    expect(world.keys('state/jobs/')).toEqual([])
    // The next execution finds them, however old they are by then.
    const untold = items.slice(-count).map(({ date }) => `state/_outstanding/jobs/${date}`)
    expect(world.keys('state/_outstanding/')).toEqual(untold)
  })

  test('are an error only where the items cannot be read either', async () => {
    const world = await startWorld()
    const { data } = world.process('collect', 'arn').ledger
    await putObject(data, RESULTS.Key, garbage)
    await expect(collect(inputOf(), { data, now: tick })).rejects.toMatchObject({
      code: 'CorruptState',
      message: expect.stringContaining(RESULTS.Key) as string,
    })
    await putObject(data, 'runs/name/items.json', garbage)
    await expect(collect(inputOf(), { data, now: tick })).rejects.toMatchObject({
      code: 'CorruptState',
      message: expect.stringContaining('items.json') as string,
    })
  })
})

test('a day that is put on the queue after its child has ended stays there', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
  const days = ['2024-01-01', '2024-01-02']
  for (const date of days) await requeueDay(data, { dataset: 'jobs', date })
  await writeResults(world, {
    SUCCEEDED: [
      { ...output(days[0]!, 'unchanged'), StopDate: new Date(Date.now() + 3_600_000).toISOString() },
      { ...output(days[1]!, 'unchanged'), StopDate: hourAgo },
    ],
    FAILED: [],
    PENDING: [],
  })
  await collect(inputOf(), { data, now: tick })
  expect(world.keys('state/_again/')).toEqual([`state/_again/jobs/${days[1]}`])
})

test('a failed day is on the list of outstanding days before it leaves the queue', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  await requeueDay(data, { dataset: 'jobs', date: '2024-01-02' })
  await writeResults(world, { SUCCEEDED: [], FAILED: [failed('2024-01-02', 'E', 'c')], PENDING: [] })
  const fault = { kind: 'error', code: 'AccessDenied', status: 403 } as const
  world.faults.add({ accessKeyId: 'collect', operation: 'DeleteObject', nth: 1, fault })
  await expect(collect(inputOf(), { data, now: tick })).rejects.toThrow()
  expect(world.keys('state/_outstanding/')).toHaveLength(1)
  expect(world.keys('state/_again/')).toHaveLength(1)
})

test('a tended day whose child fails is left to the entry that brings it back', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const tended = { dataset: 'jobs', date: '2024-01-02', mode: 'tend' }
  const child = { ...failed('2024-01-02', 'Lambda.Unknown', 'died'), Input: JSON.stringify(tended) }
  await writeResults(world, { SUCCEEDED: [], FAILED: [child], PENDING: [] })
  expect((await collect(inputOf(), { data, now: tick })).counts).toMatchObject({ failed: 1 })
  expect(world.keys('state/')).toEqual([])
})

test('a failure that is over leaves no failed attempt at a day that is unchanged', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const { data } = world.process('collect', 'arn').ledger
  const throttled = failed('2024-01-02', 'Lambda.TooManyRequestsException', 'Rate exceeded')
  await writeResults(world, {
    SUCCEEDED: [],
    FAILED: [{ ...throttled, StopDate: new Date().toISOString() }],
    PENDING: [],
  })
  await collect(inputOf(), { data, now: tick })
  const readError = async () => (await readAttempt(data, DAY))?.attempt.error
  expect(await readError()).toContain('Rate exceeded')
  const unchanged = await runDay(world)
  expect(unchanged).toMatchObject({ status: 'unchanged' })
  await writeResults(world, { SUCCEEDED: [output('2024-01-02', 'unchanged')], FAILED: [], PENDING: [] })
  await collect(inputOf(), { data, now: tick })
  expect(await readError()).toBeUndefined()
  expect(world.keys('state/_outstanding/')).toEqual([])
})

test('of days whose results cannot be read, those that the execution published or only tended are not outstanding', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  startRun(world)
  expect(await runDay(world)).toMatchObject({ status: 'published' })
  const { data } = world.process('collect', 'arn').ledger
  const [published, tended, unknown] = ['2024-01-02', '2024-01-03', '2024-01-04'].map((date) => ({
    dataset: 'jobs',
    date,
    mode: date === '2024-01-03' ? 'tend' : 'changed',
  }))
  await putObject(data, 'runs/name/items.json', JSON.stringify([published, tended, unknown]))
  await putObject(data, RESULTS.Key, 'garbage')
  const { attempt } = (await readAttempt(data, published!))!
  const execution = { arn: attempt.execution, name: 'name' }
  await collect(inputOf({ execution }), { data, now: tick })
  expect(world.keys('state/_outstanding/')).toEqual(['state/_outstanding/jobs/2024-01-04'])
  const first = fileOf(world, 'state/_outstanding/jobs/2024-01-04').toString()
  expect(first).toContain('CorruptState')
  await collect(inputOf({ execution: { arn: 'later', name: 'name' } }), { data, now: tick })
  expect(fileOf(world, 'state/_outstanding/jobs/2024-01-04').toString()).toBe(first)
})

test('a day whose manifest cannot be read is mended by a rebuild, and the cause says so', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  const key = 'state/jobs/day_partition=2024-01-02/manifest.json.gz'
  const cause = JSON.stringify({ errorMessage: `${key}: expected a manifest, found null.` })
  await writeResults(world, {
    SUCCEEDED: [],
    FAILED: [failed('2024-01-02', 'CorruptState', cause)],
    PENDING: [],
  })
  const result = await collect(inputOf({ dryRun: true }), { data, now: tick })
  expect(result.cause).toContain(
    'are mended with the input {"from":"2024-01-02","to":"2024-01-02","datasets":["jobs"],"mode":"rebuild"}\n',
  )
})

test.each([
  ['{"errorMessage": "first\\nsecond"}', 'first'],
  ['{"FailureReason": "AlgorithmError: …", "ExitMessage": "it threw"}', 'it threw'],
  ['{"FailureReason": "CapacityError"}', 'CapacityError'],
  ['{broken', '{broken'],
  ['plain text', 'plain text'],
  [undefined, ''],
])('the text of the failure %s is %s', (cause, text) => {
  expect(failureText(cause)).toBe(text)
})

test('the page is made from the summary that is written, and linked in it; without one the summary stands', async () => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  await writeResults(world, { SUCCEEDED: [output('2024-01-02', 'published')], FAILED: [], PENDING: [] })
  const written = () => JSON.parse(fileOf(world, 'runs/name/summary.json').toString()) as Summary
  const cost = { dollars: 1, lines: [], prices: { date: '2026-01-01', region: 'r' } }
  const told: Summary[] = []
  const writePage = (summary: Summary) => {
    expect(written()).toEqual(summary)
    told.push(summary)
    return Promise.resolve(told.length === 1 ? 'runs/name/report.html' : undefined)
  }
  await collect(inputOf(), { data, now: tick, costOf: () => cost, writePage })
  expect(told[0]).toMatchObject({ cost, at: '2024-01-02T00:00:00Z', counts: { published: 1 } })
  expect(written()).toEqual({ ...told[0], report: 'runs/name/report.html' })
  await collect(inputOf({ dryRun: true }), { data, now: tick, costOf: () => cost, writePage })
  expect(written()).not.toHaveProperty('report')
  expect(written()).not.toHaveProperty('cost')
})

test.each([
  [{ scheduled: true }, ['two']],
  [{ scheduled: true, dryRun: true }, ['name', 'two']],
  [{}, ['name', 'two']],
])('once %j has told its days, those of a scheduled execution are forgotten', async (flags, left) => {
  const world = await startWorld()
  const { data } = world.process('collect', 'arn').ledger
  await writeResults(world, { SUCCEEDED: [output('2024-01-02', 'unchanged')], FAILED: [], PENDING: [] })
  for (const name of ['name', 'two'])
    await putScheduledDays(data, name, [{ dataset: 'jobs', date: '2024-01-02' }])
  await collect(inputOf(flags), { data, now: () => '2024-01-03T00:00:00Z' })
  const keys: string[] = []
  for await (const { key } of listObjects(data, SCHEDULED)) keys.push(key)
  expect(keys).toEqual(left.map((name) => `state/_scheduled/${name}`))
})
