import { expect, test } from 'vitest'
import { runLimits } from '../../support/chaos/limits/run-limits.ts'

test('under rates and quotas every day is published once, and none fails', async () => {
  const { counts, ...report } = await runLimits({ days: 5, files: 12 })
  expect(report).toMatchObject({ days: 5, published: 5, status: 'SUCCEEDED' })
  for (const limit of ['s3', 'creates', 'instances'] as const)
    expect(counts[limit].refused, limit).toBeGreaterThan(0)
}, 120_000)
