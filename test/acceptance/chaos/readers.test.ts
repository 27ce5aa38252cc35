import { expect, test } from 'vitest'
import { runReaders } from '../../support/chaos/readers/run-readers.ts'

/** A replacement, one in which functions die, and an extension. `npm run chaos -- readers` does many more. */
test('each query sees one whole generation of each day, however late it lists it', async () => {
  const report = await runReaders({ seed: 'bound', rounds: 3, queriesPerRound: 8 })
  const { straddled, wentHome, replacements, extensions, ...counts } = report
  expect(counts).toEqual({ queries: 24, mixed: 0, doubled: 0, lost: 0, failed: 0 })
  for (const count of [straddled, wentHome, replacements, extensions]) expect(count).toBeGreaterThan(0)
})

test('queries that outlast the grace see wrong rows or fail', async () => {
  const report = await runReaders({ seed: 'bound', rounds: 1, queriesPerRound: 24, graceSeconds: 0 })
  const { mixed, doubled, lost, failed } = report
  expect(mixed + doubled + lost + failed).toBeGreaterThan(0)
})
