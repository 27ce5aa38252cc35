import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '../../../core/dates.ts'
import { startPipeline, type Pipeline } from '../../support/pipeline/pipeline.ts'

/** Days of the limited dataset, which two executions share; the other dataset has half as many. */
const DAYS = Number(process.env['LIMITED_DATASET_DAYS'] ?? 4)
const HALF = DAYS / 2
const days = Array.from({ length: DAYS }, (_, index) => addDays('2024-03-01', index))
const PLACES = 2
const MAX_CONCURRENCY = 6

let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({
    registry: 'limited.ts',
    runSettings: { maxConcurrency: PLACES },
    otherDatasets: { others: { rawPrefix: 'readings' } },
  })
  for (const day of days) pipeline.raw.write(day, 'a.jsonl', 2)
})
afterAll(() => pipeline.close())

/** Counts the running jobs of a dataset; the first ones wait until there are `least`. */
function counter(least: number) {
  let atWork = 0
  let reached: (() => void) | undefined
  const enough = new Promise<void>((resolve) => (reached = resolve))
  const counts = {
    most: 0,
    async during(job: () => Promise<unknown>) {
      counts.most = Math.max(counts.most, ++atWork)
      if (atWork === least) reached!()
      await enough
      return await job().finally(() => atWork--)
    },
  }
  return counts
}

test('of a limited dataset as many days are worked on at once as it allows, and all are published', async () => {
  const [limited, others] = [counter(PLACES), counter(HALF)]
  pipeline.before('ProcessDay', ({ input, proceed }) =>
    (String(input['ProcessingJobName']).includes('--readings-') ? limited : others).during(proceed),
  )
  const run = (from: number, to: number, ...datasets: string[]) =>
    pipeline.run({ from: days[from]!, to: days[to]!, maxConcurrency: MAX_CONCURRENCY, datasets })
  const runs = await Promise.all([run(0, HALF - 1, 'readings', 'others'), run(HALF, DAYS - 1, 'readings')])
  for (const { status } of runs) expect(status).toBe('SUCCEEDED')
  const statuses = runs.flatMap(({ summary }) => summary!.days.map(({ status }) => status))
  expect(statuses).toEqual(Array.from({ length: DAYS + HALF }, () => 'published'))
  expect([limited.most, others.most]).toEqual([PLACES, HALF])
})
