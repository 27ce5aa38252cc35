import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, type Day } from '../../../core/dates.ts'
import { startPipeline, statuses, type Pipeline } from '../../support/pipeline/pipeline.ts'

/** Dataset-days of the backfill; the new release is deployed when a third of them is done. */
const DAYS = Number(process.env['TWO_RELEASES_DAYS'] ?? 6)
const FIRST: Day = '2024-03-01'
const days = Array.from({ length: DAYS }, (_, index) => addDays(FIRST, index))
const range = { from: days[0]!, to: days.at(-1)! }
const NEXT = join(import.meta.dirname, '../../fixtures/pipeline/next.ts')
/** Time for synthesizing two stacks. */
const TIMEOUT_MILLISECONDS = 300_000

let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline()
  for (const day of days) pipeline.raw.write(day, 'a.jsonl', 2)
}, TIMEOUT_MILLISECONDS)
afterAll(() => pipeline.close())

const idsOf = async (column: string) =>
  pipeline.sql(`SELECT min(id), max(id), count(*), count(${column}) FROM readings`)

test(
  'a backfill goes on with its release while the next one is deployed, and the next run rebuilds by that',
  async () => {
    let published = 0
    let release: (() => void) | undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    pipeline.before('PlanDay', async ({ proceed }) => {
      if (published >= DAYS / 3) await released
      return proceed()
    })
    pipeline.before('PublishDay', async ({ proceed }) => {
      const answer = await proceed()
      if (++published === DAYS / 3) {
        await pipeline.aws.update({ registry: NEXT })
        release!()
      }
      return answer
    })
    const backfill = await pipeline.run({ ...range, maxConcurrency: 2 })
    pipeline.undisturbed()
    expect(backfill).toMatchObject({ status: 'SUCCEEDED', output: { counts: { published: DAYS } } })
    expect(new Set(Object.values(statuses(backfill.summary)))).toEqual(new Set(['published']))
    expect(await idsOf('*')).toEqual([['0', '1', String(2 * DAYS), String(2 * DAYS)]])

    const next = await pipeline.run(range)
    expect(next).toMatchObject({ status: 'SUCCEEDED', output: { counts: { published: DAYS } } })
    expect(next.summary!.days.every((day) => 'why' in day && day.why === 'feature code changed')).toBe(true)
    expect(await idsOf('source')).toEqual([['1000', '1001', String(2 * DAYS), String(2 * DAYS)]])
  },
  TIMEOUT_MILLISECONDS,
)
