import { expect, test } from 'vitest'
import { EXTEND, REBUILD } from '../../bench/chaos/kill-scenarios.ts'
import { runScenario } from '../../bench/chaos/run-scenario.ts'

/** `npm run chaos` does all of them. */
const COUNT = 4

test.each([EXTEND, REBUILD])(
  '$name: a run is mended by the next one, wherever it was killed',
  async (scenario) => {
    const failures: unknown[] = []
    const report = await runScenario(scenario, {
      lanes: 2,
      count: COUNT,
      seed: 'test',
      listener: { checked: () => undefined, failed: (_, failure) => failures.push(failure) },
    })
    expect(failures).toEqual([])
    expect(report).toEqual({ name: scenario.name, mended: COUNT, of: COUNT })
  },
)
