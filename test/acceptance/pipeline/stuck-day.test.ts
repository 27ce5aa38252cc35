import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { listOutstandingDays, readOutstandingDay } from '../../../aws/outstanding-days.ts'
import { dataOf } from '../../../client/target.ts'
import { startPipeline, statuses } from '../../support/pipeline/pipeline.ts'

const pipeline = await startPipeline()
afterAll(() => pipeline.close())

const DAY = '2024-05-01'
const BAD_LINES = 10
/** Every twelve hours: the day falls out of the lookback of two days on the way. */
const TIMES = Array.from({ length: 8 }, (_, run) => new Date(Date.UTC(2024, 4, 1, 0, 10) + run * 43_200_000))

test('a day with too many rejects costs one job and one failed execution, and a new file ends it', async () => {
  const folder = join(pipeline.raw.dir, DAY.replaceAll('-', '/'))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'bad.jsonl'), '{"broken": \n'.repeat(BAD_LINES))
  const data = dataOf(pipeline.aws.target)
  const runs = []
  for (const time of TIMES) {
    runs.push(await pipeline.run({ scheduledAt: time.toISOString() }))
    expect(await listOutstandingDays(data)).toMatchObject([{ dataset: 'readings', date: DAY }])
  }
  expect(runs.map(({ status }) => status)).toEqual(['FAILED', ...TIMES.slice(1).map(() => 'SUCCEEDED')])
  expect(runs[0]!.cause).toContain('"mode":"accept"')
  expect(runs.map(({ summary }) => statuses(summary)[DAY])).toEqual([
    'failed',
    ...TIMES.slice(1).map(() => 'stuck'),
  ])
  expect(pipeline.jobNames).toHaveLength(1)
  expect(await readOutstandingDay(data, { dataset: 'readings', date: DAY })).toMatchObject({
    status: 'stuck',
    error: 'RejectedRatioExceeded',
  })

  pipeline.raw.write(DAY, 'good.jsonl', 200 * BAD_LINES)
  const mended = await pipeline.run({ scheduledAt: '2024-05-05T12:10:00Z' })
  expect(mended.status).toBe('SUCCEEDED')
  expect(statuses(mended.summary)[DAY]).toBe('published')
  expect(await listOutstandingDays(data)).toEqual([])
}, 120_000)
