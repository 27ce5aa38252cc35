import { expect, test } from 'vitest'
import { DayfoldError } from '../../../core/errors.ts'
import type { JobReport } from '../../../core/job-report.ts'
import type { DayOutcome } from '../../../core/messages.ts'
import {
  LATER,
  publishedOf,
  endRun,
  runDay,
  startRun,
  plan,
  visibleIds,
  work,
  publish,
} from '../../support/lambda/run-day.ts'
import { DAY, startWorld, type World } from '../../support/lambda/world.ts'

const PARTITION = 'processed/jobs/day_partition=2024-01-02/'

test('a new day is published with all its files', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1', 'a2', 'drop'])
  world.putRaw('b.jsonl', ['b1', 'bad'])
  world.putRaw('_hidden.txt', ['x'])
  world.putRaw('c.jsonl', [])
  const outcome = await runDay(world)
  expect(outcome).toMatchObject({
    status: 'published',
    why: 'new day: 2 files',
    kind: 'extend',
    generation: 1,
    processed: { files: 2, records: 5, rejected: 1, bytes: expect.any(Number) as number },
    programSeconds: expect.any(Number) as number,
    totals: { files: 2, records: 5, kept: 3, dropped: 1, rejected: 1, rows: 3, parts: 1 },
  })
  expect(await visibleIds(world)).toEqual(['a1', 'a2', 'b1'])
  expect(world.keys('rejected/')).toEqual([
    expect.stringMatching(
      /^rejected\/jobs\/day_partition=2024-01-02\/rejected-00001-[0-9a-f]{12}-00000\.jsonl\.gz$/,
    ),
  ])
  expect(world.keys('state/_open/')).toEqual([])
  expect(world.keys('state/_unverified/')).toEqual(['state/_unverified/jobs/2024-01-02'])
})

test('a day without files is empty, and stays so without a trace', async () => {
  const world = await startWorld()
  expect(await runDay(world)).toMatchObject({ status: 'empty', why: 'no raw files' })
  expect(await runDay(world, { mode: 'rebuild' })).toMatchObject({ status: 'empty' })
  expect(world.keys('')).toEqual([])
})

test('an unchanged day is left alone and nothing is written', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const { length } = world.writes
  expect(await runDay(world)).toMatchObject({ status: 'unchanged', generation: 1 })
  expect(world.writes).toHaveLength(length)
})

test('new files extend a day: only they are read, and no published object is touched', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const before = world.s3.listObjects('data', PARTITION)
  world.putRaw('b.jsonl', ['b1', 'bad'])
  const outcome = await runDay(world)
  expect(outcome).toMatchObject({
    kind: 'extend',
    why: '1 new file',
    generation: 2,
    processed: { files: 1, records: 2 },
  })
  expect(await visibleIds(world)).toEqual(['a1', 'b1'])
  expect(world.s3.listObjects('data', PARTITION)[0]).toEqual(before[0])
  const { inputs, totals } = await publishedOf(world)
  expect(inputs.map(({ key }) => key)).toEqual(['jobs/2024/01/02/a.jsonl', 'jobs/2024/01/02/b.jsonl'])
  expect(totals).toMatchObject({ files: 2, records: 3, rows: 2, rejected: 1 })
})

test('a changed file rebuilds the day', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  world.putRaw('b.jsonl', ['b1', 'b2', 'bad'])
  await runDay(world)
  world.putRaw('b.jsonl', ['b3'])
  world.putRaw('c.jsonl', ['c1'])
  expect(await runDay(world)).toMatchObject({
    kind: 'rebuild',
    why: '1 changed file',
    processed: { files: 3 },
  })
  expect(await visibleIds(world)).toEqual(['a1', 'b3', 'c1'])
  expect(world.keys(PARTITION)).toEqual([expect.stringMatching(/part-00002-[0-9a-f]{12}-00000\.parquet$/)])
  expect(world.keys('rejected/')).toEqual([])
})

test('changed feature code rebuilds the day', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const outcome = await runDay(world, { featureVersion: 'v2' })
  expect(outcome).toMatchObject({ kind: 'rebuild', why: 'feature code changed', generation: 2 })
  expect((await publishedOf(world)).featureVersion).toBe('v2')
})

test('rows of files that are gone stay, and new files are added to them', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  world.putRaw('b.jsonl', ['b1'])
  await runDay(world)
  world.removeRaw('a.jsonl')
  expect(await runDay(world)).toMatchObject({
    status: 'unchanged',
    why: 'unchanged; 1 file gone from the raw prefix, published rows stay',
    vanished: 1,
  })
  world.putRaw('c.jsonl', ['c1'])
  expect(await runDay(world)).toMatchObject({ status: 'published', kind: 'extend', vanished: 1 })
  expect(await visibleIds(world)).toEqual(['a1', 'b1', 'c1'])
})

test('a changed file does not cost the rows of those that are gone, unless a rebuild is asked for', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  world.putRaw('b.jsonl', ['b1'])
  await runDay(world)
  world.removeRaw('a.jsonl')
  world.putRaw('b.jsonl', ['b2', 'b3'])
  const outcome = await runDay(world)
  expect(outcome).toMatchObject({ status: 'unchanged', vanished: 1 })
  expect(outcome.why).toContain('not rebuilt although 1 changed file: mode rebuild does')
  expect(await visibleIds(world)).toEqual(['a1', 'b1'])
  expect(await runDay(world, { mode: 'rebuild' })).toMatchObject({ status: 'published', vanished: 1 })
  expect(await visibleIds(world)).toEqual(['b2', 'b3'])
})

test('an extension of rows that other feature code made keeps saying so', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  world.removeRaw('a.jsonl')
  world.putRaw('b.jsonl', ['b1'])
  await runDay(world, { featureVersion: 'v2' })
  expect(await visibleIds(world)).toEqual(['a1', 'b1'])
  expect((await publishedOf(world)).featureVersion).toBe('v1')
})

test('rebuild refuses to empty a day unless it is allowed to', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  world.removeRaw('a.jsonl')
  const refused = runDay(world, { mode: 'rebuild' })
  await expect(refused).rejects.toMatchObject({ code: 'EmptyPrefix' })
  await expect(refused).rejects.toThrow(/s3:\/\/raw\/jobs\/2024\/01\/02\/: expected raw files, found none/)
  expect(await visibleIds(world)).toEqual(['a1'])
  expect(await runDay(world, { mode: 'rebuild', allowEmpty: true })).toMatchObject({ status: 'published' })
  expect(await visibleIds(world)).toEqual([])
  expect(world.keys(PARTITION)).toEqual([])
  expect(await runDay(world)).toMatchObject({ status: 'unchanged' })
})

test('small parts become full ones once the day is over, without reading raw files', async () => {
  const world = await startWorld()
  for (const name of ['a', 'b', 'c']) {
    world.putRaw(`${name}.jsonl`, [`${name}1`, `${name}2`, `${name}3`, `${name}4`])
    await runDay(world)
  }
  expect(await runDay(world)).toMatchObject({ status: 'unchanged' })
  const outcome = await runDay(world, { at: LATER })
  expect(outcome).toMatchObject({
    kind: 'consolidate',
    why: '3 small parts to merge, the day is over',
    processed: { files: 0, records: 0 },
    totals: { files: 3, rows: 12, parts: 2 },
  })
  expect(await visibleIds(world)).toHaveLength(12)
  expect((await publishedOf(world)).parts.map(({ rows }) => rows)).toEqual([10, 2])
  expect(await runDay(world, { at: LATER })).toMatchObject({ status: 'unchanged' })
})

test('a consolidation keeps full parts, and readers see them while it is going on', async () => {
  const world = await startWorld()
  const full = Array.from({ length: 10 }, (_, index) => `full${index}`)
  world.putRaw('a.jsonl', full)
  await runDay(world)
  for (const name of ['b', 'c']) {
    world.putRaw(`${name}.jsonl`, [name])
    await runDay(world)
  }
  const seen: string[][] = []
  world.afterWrite = async ({ bucket, key }) => {
    if (bucket !== 'data' || !key?.startsWith('staging/')) seen.push(await visibleIds(world))
  }
  await runDay(world, { at: LATER })
  expect(seen.length).toBeGreaterThan(5)
  for (const ids of seen) expect(ids).toEqual([...full, 'b', 'c'].sort())
  expect(world.keys(PARTITION)).toEqual([
    expect.stringMatching(/part-00001-[0-9a-f]{12}-00000\.parquet$/),
    expect.stringMatching(/part-00004-[0-9a-f]{12}-00000\.parquet$/),
  ])
})

test('a reader sees the old day or the new one while it is rebuilt, and never a row twice', async () => {
  const world = await startWorld()
  const old = Array.from({ length: 25 }, (_, index) => `old${index + 10}`)
  world.putRaw('a.jsonl', old)
  await runDay(world)
  world.putRaw('a.jsonl', ['new1', 'new2'])
  const seen: string[][] = []
  world.afterWrite = async () => void seen.push(await visibleIds(world))
  await runDay(world)
  const first = seen.findIndex((ids) => ids.includes('new1'))
  expect(first).toBeGreaterThan(0)
  for (const ids of seen.slice(0, first)) expect(ids).toEqual(old)
  for (const ids of seen.slice(first)) expect(ids).toEqual(['new1', 'new2'])
})

test('a reader of a day that is extended sees all that it saw before, and never a row twice', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1', 'a2'])
  await runDay(world)
  world.putRaw(
    'b.jsonl',
    Array.from({ length: 25 }, (_, index) => `b${index + 10}`),
  )
  let before = await visibleIds(world)
  world.afterWrite = async () => {
    const ids = await visibleIds(world)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(before))
    before = ids
  }
  await runDay(world)
  expect(before).toHaveLength(27)
})

test('a dry run says what would be done and writes nothing', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  expect(await runDay(world, { dryRun: true })).toEqual({
    dataset: 'jobs',
    date: '2024-01-02',
    status: 'planned',
    kind: 'extend',
    toRead: { files: 1, bytes: 3 },
    why: 'new day: 1 file',
  })
  expect(world.keys('')).toEqual([])
})

test.each([{}, { instanceType: 'ml.m6i.large' }, { instanceType: 'ml.m6i.large', volumeSizeGb: 100 }])(
  'the job of a dataset with the settings %j is started with these',
  async (own) => {
    const world = await startWorld()
    world.putRaw('a.jsonl', ['a1'])
    const { context, ...run } = startRun(world)
    const planned = await plan({ ...run, context: { ...context, dataset: { ...context.dataset, ...own } } })
    const { action, workOrder, jobName, featureVersion, ...more } = planned as Record<string, unknown>
    expect([action, featureVersion, typeof workOrder, typeof jobName]).toEqual([
      'process',
      'v1',
      'string',
      'string',
    ])
    expect(more).toEqual(own)
  },
)

test('mode failed redoes the days whose last attempt failed, and only those', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  expect(await runDay(world, { mode: 'failed' })).toMatchObject({ status: 'not-failed' })
  const failing = startRun(world)
  await plan(failing)
  for (const more of [{ scheduled: true }, { dryRun: true }])
    expect(await runDay(world, { mode: 'failed', ...more })).toMatchObject({ status: 'busy' })
  world.running.clear()
  expect(await runDay(world, { mode: 'failed' })).toMatchObject({
    status: 'published',
    why: 'new day: 1 file; failed last time',
  })
  expect(await runDay(world, { mode: 'failed' })).toMatchObject({ status: 'not-failed' })
})

test('mode failed redoes a rebuild that failed though nothing has changed', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  await plan(startRun(world, { mode: 'rebuild' }))
  world.running.clear()
  expect(await runDay(world, { mode: 'changed' })).toMatchObject({ status: 'unchanged' })
  expect(await runDay(world, { mode: 'failed' })).toMatchObject({ kind: 'rebuild', generation: 2 })
})

test('mode failed redoes a rebuild that failed, whatever has come since', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  world.putRaw('b.jsonl', ['b1'])
  await runDay(world)
  world.removeRaw('a.jsonl')
  await plan(startRun(world, { mode: 'rebuild' }))
  world.running.clear()
  world.putRaw('c.jsonl', ['c1'])
  expect(await runDay(world, { mode: 'failed' })).toMatchObject({ kind: 'rebuild', generation: 2 })
  expect(await visibleIds(world)).toEqual(['b1', 'c1'])
  expect(await runDay(world, { mode: 'failed' })).toMatchObject({ status: 'not-failed' })
})

test('small parts of other feature code stay apart while raw files are gone', async () => {
  const world = await startWorld()
  for (const name of ['a', 'b']) {
    world.putRaw(`${name}.jsonl`, [name])
    await runDay(world)
  }
  world.removeRaw('a.jsonl')
  const outcome = await runDay(world, { featureVersion: 'v2', at: LATER })
  expect(outcome).toMatchObject({ status: 'unchanged', vanished: 1 })
  expect(outcome.why).toContain('2 small parts not merged, other feature code made them')
  expect(await runDay(world, { at: LATER })).toMatchObject({ kind: 'consolidate' })
})

test('a rebuild gives its partition the columns that the table has by then', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const { input } = await world.glue.catalog.table('jobs')
  const old = { ...input.StorageDescriptor, Columns: [{ Name: 'id', Type: 'int' }] }
  const Location = `s3://data/${PARTITION}`
  await world.glue.catalog.updatePartition('jobs', {
    Values: [DAY.date],
    StorageDescriptor: { ...old, Location },
  })
  await runDay(world, { mode: 'rebuild' })
  const partition = (await world.glue.catalog.table('jobs')).partitions.get(DAY.date)!
  expect(partition.descriptor).toEqual({ ...input.StorageDescriptor, Location })
})

test('too many rejected records fail the day and leave what is published', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  world.putRaw('b.jsonl', ['bad1', 'bad2', 'bad3', 'bad4'])
  const refused = runDay(world)
  await expect(refused).rejects.toMatchObject({ code: 'RejectedRatioExceeded' })
  await expect(refused).rejects.toThrow(/4 of 5 \(80\.00%\).*s3:\/\/data\/staging\/.*\/rejected\//s)
  expect(await visibleIds(world)).toEqual(['a1'])
  expect((await publishedOf(world)).generation).toBe(1)
  expect(world.keys('state/_open/')).toEqual([])
})

test.each<[string, (report: JobReport) => Partial<JobReport>]>([
  ['FeatureVersionMismatch', () => ({ featureVersion: 'v0' })],
  ['AccountingMismatch', () => ({ attempt: 'another' })],
  ['AccountingMismatch', () => ({ inputs: [] })],
  ['AccountingMismatch', ({ parts }) => ({ parts: [{ ...parts[0]!, bytes: 1 }] })],
  [
    'StagingGone',
    ({ parts }) => ({ parts: [{ ...parts[0]!, key: `${folderOf(parts[0]!.key)}part-00001-00009.parquet` }] }),
  ],
])('a report that does not fit is refused with %s', async (code, change) => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const run = startRun(world)
  const order = await work(run, await plan(run), (report) => ({ ...report, ...change(report) }))
  const error: unknown = await publish(run, order).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DayfoldError)
  expect(error).toMatchObject({ code })
  expect(world.keys('processed/')).toEqual([])
})

const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/') + 1)

test.each([
  ['before its job', false],
  ['after its job', true],
])('a table with a column of another type leaves the day to its release %s', async (_, hasWorked) => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const run = startRun(world)
  const order = hasWorked ? await work(run, await plan(run)) : undefined
  await declare(world, [{ Name: 'id', Type: 'bigint' }])
  const { outcome } =
    order === undefined ? ((await plan(run)) as { outcome?: DayOutcome }) : await publish(run, order)
  expect(outcome).toMatchObject({
    status: 'superseded',
    cause: expect.stringMatching(/id as string, found bigint/) as string,
  })
  expect(world.keys('processed/')).toEqual([])
  endRun(run)
  await declare(world, [{ Name: 'id', Type: 'string' }])
  expect(await runDay(world)).toMatchObject({ status: 'published' })
})

test('a release publishes though the table has a column more, and its partition has that of the table', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  const Columns = [
    { Name: 'more', Type: 'int' },
    { Name: 'id', Type: 'string' },
  ]
  await declare(world, Columns)
  expect(await runDay(world)).toMatchObject({ status: 'published' })
  const { partitions } = await world.glue.catalog.table('jobs')
  expect(partitions.get(DAY.date)!.descriptor.Columns).toEqual(Columns)
  await declare(world, [])
  world.putRaw('a.jsonl', ['a2'])
  expect(await runDay(world)).toMatchObject({ status: 'published', generation: 2 })
})

async function declare(world: World, Columns: readonly { Name: string; Type: string }[]): Promise<void> {
  const { input } = await world.glue.catalog.table('jobs')
  await world.glue.catalog.updateTable('jobs', {
    ...input,
    StorageDescriptor: { ...input.StorageDescriptor, Columns: [...Columns] },
  })
}
