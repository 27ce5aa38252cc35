import { expect, test } from 'vitest'
import { EXTEND } from '../../support/chaos/scenario/kill-scenarios.ts'
import { runScenario } from '../../support/chaos/scenario/run-scenario.ts'

/** A few kills spread over the run, of the writer and of everything; `npm run chaos` does all of them. */
const COUNT = 3
const ignore = () => undefined

test('a run is mended by the next one, wherever it was killed', async () => {
  const failures: unknown[] = []
  const report = await runScenario(EXTEND, {
    lanes: 1,
    count: COUNT,
    seed: 'none',
    listener: { checked: ignore, happened: ignore, failed: (_, failure) => failures.push(failure) },
  })
  expect(failures).toEqual([])
  expect(report).toEqual({ name: 'extend', mended: COUNT, of: COUNT })
})
