import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Summary } from '../../../core/messages.ts'
import { startPipeline, statuses, type Pipeline } from '../../support/pipeline/pipeline.ts'
import { scheduledInput } from '../../support/pipeline/scheduled-input.ts'

let pipeline: Pipeline

beforeAll(async () => {
  pipeline = await startPipeline()
})
afterAll(() => pipeline.close())

const ids = async (day: string) => {
  const rows = await pipeline.sql(`SELECT id FROM readings WHERE day_partition = '${day}' ORDER BY id`)
  return rows.map(([id]) => Number(id))
}
const dayOf = (summary: Summary | undefined, date: string) => summary!.days.find((day) => day.date === date)!

test('what the schedule sends covers today in the time zone of the dataset and the days before it', async () => {
  const { stateMachines } = pipeline.aws.deployment
  const rules = pipeline.aws.deployment.rules.filter(({ schedule }) => schedule !== undefined)
  expect(rules).toHaveLength(1)
  expect(rules[0]!.targets.map(({ arn }) => arn)).toEqual([stateMachines[0]!.arn])
  for (const day of ['2024-05-03', '2024-05-04', '2024-05-06', '2024-05-07'])
    pipeline.raw.write(day, 'a.jsonl', 3)

  // Ten past midnight in Auckland.
  const first = await pipeline.run(scheduledInput(rules[0]!, '2024-05-05T12:10:00Z'))
  expect(first.status).toBe('SUCCEEDED')
  expect(statuses(first.summary)).toEqual({
    '2024-05-04': 'published',
    '2024-05-05': 'empty',
    '2024-05-06': 'published',
  })

  // Late files are picked up, and only they are read.
  pipeline.raw.write('2024-05-04', 'late.jsonl', 2, 100)
  pipeline.raw.write('2024-05-06', 'b.jsonl', 4, 100)
  const second = await pipeline.run(scheduledInput(rules[0]!, '2024-05-05T15:10:00Z'))
  expect(dayOf(second.summary, '2024-05-04')).toMatchObject({
    kind: 'extend',
    processed: { files: 1, records: 2 },
  })
  expect(dayOf(second.summary, '2024-05-06')).toMatchObject({
    kind: 'extend',
    processed: { files: 1, records: 4 },
  })
  expect(await ids('2024-05-04')).toEqual([0, 1, 2, 100, 101])

  // The same time again, as if a rule fired twice: only the extended day is left to be merged.
  const again = await pipeline.run(scheduledInput(rules[0]!, '2024-05-05T15:10:00Z'))
  expect(dayOf(again.summary, '2024-05-04')).toMatchObject({ kind: 'consolidate' })
  expect(statuses(again.summary)).toMatchObject({ '2024-05-05': 'empty', '2024-05-06': 'unchanged' })
  expect(await ids('2024-05-04')).toEqual([0, 1, 2, 100, 101])
})

test('two manual executions of one day started together publish it once', async () => {
  const day = '2024-06-01'
  pipeline.raw.write(day, 'a.jsonl', 5)
  const jobs = pipeline.jobNames.length
  const both = await Promise.all([1, 2].map(() => pipeline.run({ from: day, to: day })))
  expect(both.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED'])
  expect(both.map(({ summary }) => statuses(summary)[day]).sort()).toEqual(['published', 'unchanged'])
  expect(pipeline.jobNames).toHaveLength(jobs + 1)
  expect(await ids(day)).toEqual([0, 1, 2, 3, 4])
})

test('a raw file that is replaced under its name has its day rebuilt, and no other', async () => {
  const range = { from: '2024-06-02', to: '2024-06-03' }
  for (const day of [range.from, range.to]) {
    pipeline.raw.write(day, 'a.jsonl', 2)
    pipeline.raw.write(day, 'b.jsonl', 2, 10)
  }
  await pipeline.run(range)
  pipeline.raw.write(range.from, 'a.jsonl', 3, 50)
  const { summary } = await pipeline.run(range)
  expect(dayOf(summary, range.from)).toMatchObject({
    status: 'published',
    kind: 'rebuild',
    why: '1 changed file',
  })
  expect(dayOf(summary, range.to)).toMatchObject({ status: 'unchanged' })
  expect(await ids(range.from)).toEqual([10, 11, 50, 51, 52])
  expect(await ids(range.to)).toEqual([0, 1, 10, 11])
})

test('rows of raw files that have expired stay, which the summary says, and new files join them', async () => {
  const range = { from: '2024-06-04', to: '2024-06-04' }
  pipeline.raw.write(range.from, 'a.jsonl', 2)
  pipeline.raw.write(range.from, 'b.jsonl', 2, 10)
  await pipeline.run(range)

  pipeline.raw.remove(range.from, 'a.jsonl')
  const expired = await pipeline.run(range)
  expect(dayOf(expired.summary, range.from)).toMatchObject({
    status: 'unchanged',
    vanished: 1,
    why: 'unchanged; 1 file gone from the raw prefix, published rows stay',
  })
  expect(await ids(range.from)).toEqual([0, 1, 10, 11])

  pipeline.raw.write(range.from, 'c.jsonl', 2, 20)
  const joined = await pipeline.run(range)
  expect(dayOf(joined.summary, range.from)).toMatchObject({
    status: 'published',
    kind: 'extend',
    vanished: 1,
  })
  expect(await ids(range.from)).toEqual([0, 1, 10, 11, 20, 21])

  // The rows are those of the raw files that exist now, and no others.
  const rebuilt = await pipeline.run({ ...range, mode: 'rebuild' })
  expect(dayOf(rebuilt.summary, range.from)).toMatchObject({ status: 'published', kind: 'rebuild' })
  expect(await ids(range.from)).toEqual([10, 11, 20, 21])
})
