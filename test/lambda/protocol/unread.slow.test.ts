import { expect, test } from 'vitest'
import { headManifest } from '../../../aws/day-state.ts'
import type { Input, UnreadObjects } from '../../../core/manifest.ts'
import { unreadCounts } from '../../../core/manifest-metadata.ts'
import type { DayOutcome } from '../../../core/messages.ts'
import type { JobReport } from '../../../core/job-report.ts'
import { decodeWorkOrder, encodeWorkOrder } from '../../../core/work-order.ts'
import { readObject } from '../../../aws/objects.ts'
import { putObject } from '../../../aws/write-objects.ts'
import {
  endRun,
  plan,
  publish,
  publishedOf,
  startRun,
  visibleIds,
  work,
} from '../../support/lambda/run-day.ts'
import type { DayRunOptions } from '../../support/lambda/run-day.ts'
import { DAY, startWorld, type World } from '../../support/lambda/world.ts'

interface Told extends DayRunOptions {
  readonly unreadable?: 'fail' | 'skip'
  /** Objects that the listing reports as unread. */
  readonly listed?: UnreadObjects
  /** Names of the inputs that the job cannot read. */
  readonly broken?: readonly string[]
}

/** Takes a day through a job that cannot read some of its inputs. */
async function run(world: World, { unreadable, listed, broken = [], ...options }: Told): Promise<DayOutcome> {
  const started = startRun(world, options)
  const context = {
    ...started.context,
    dataset: { ...started.context.dataset, ...(unreadable && { unreadable }) },
  }
  const day = { ...started, context }
  const planned = await plan(day)
  if (planned.action === 'process' && listed) {
    const { data } = started.context.ledger
    const key = planned.workOrder
    const order = decodeWorkOrder((await readObject(data, key))!.body, key)
    await putObject(data, key, encodeWorkOrder({ ...order, unread: listed }))
  }
  const spoil = (input: Input): Input =>
    broken.some((name) => input.key.endsWith(`/${name}`)) ? { ...input, unread: 'broken' } : input
  const done = await work(day, planned, (report: JobReport) => ({
    ...report,
    inputs: report.inputs.map(spoil),
  }))
  try {
    return (await publish(day, done)).outcome!
  } finally {
    endRun(day)
  }
}

/** The fake job finds no record in it. */
const NO_RECORDS: string[] = ['']

test('an object that cannot be read fails the day before anything is changed', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await run(world, {})
  world.putRaw('b.jsonl', NO_RECORDS)
  await expect(run(world, { broken: ['b.jsonl'] })).rejects.toMatchObject({
    code: 'UnreadableObjects',
    message: expect.stringContaining('jobs/2024/01/02/b.jsonl') as string,
  })
  expect(await visibleIds(world)).toEqual(['a1'])
  expect((await publishedOf(world)).generation).toBe(1)
})

test('one that is let pass is an input like any other, named in manifest, metadata and summary', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  world.putRaw('b.jsonl', NO_RECORDS)
  const hidden = { count: 2, bytes: 7, first: 'jobs/2024/01/02/_x' }
  const outcome = await run(world, { unreadable: 'skip', listed: { hidden }, broken: ['b.jsonl'] })
  const b = { count: 1, bytes: 1, first: 'jobs/2024/01/02/b.jsonl', why: 'broken' }
  expect(outcome).toMatchObject({ status: 'published', processed: { files: 1 } })
  expect(outcome.unread).toEqual({ hidden, unreadable: b })
  const { unread, totals, inputs } = await publishedOf(world)
  expect(unread).toEqual(outcome.unread)
  expect([totals.files, inputs.length]).toEqual([1, 2])
  const head = await headManifest(world.process('test', 'test').ledger.data, DAY)
  expect(unreadCounts(head!.metadata)).toEqual({ hidden: 2, 'not-data': 0, excluded: 0, unreadable: 1 })

  // The next order counts the listing of its own time, and an object that an earlier one let pass does not fail it.
  world.putRaw('c.jsonl', ['c1'])
  const extended = await run(world, { listed: {} })
  expect(extended.unread).toEqual({ unreadable: b })
  expect((await publishedOf(world)).totals.files).toBe(2)
})

test('good rows are not replaced by those of no object at all', async () => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await run(world, {})
  const rebuild = run(world, { mode: 'rebuild', unreadable: 'skip', broken: ['a.jsonl'] })
  // The fake job has read it nevertheless: only its counts say that nothing was read.
  await expect(rebuild).resolves.toMatchObject({ status: 'published' })
  world.putRaw('a.jsonl', NO_RECORDS)
  const nothing = run(world, { mode: 'rebuild', unreadable: 'skip', broken: ['a.jsonl'] })
  await expect(nothing).rejects.toMatchObject({ code: 'UnreadableObjects' })
  expect(await visibleIds(world)).toEqual(['a1'])
})
