import { expect, test } from 'vitest'
import { runLimits } from '../../support/chaos/limits/run-limits.ts'

test('under rates and quotas every day is published once, and none fails', async () => {
  const { counts, rawReads, retries, ...report } = await runLimits({ days: 4, files: 8, concurrency: 2 })
  expect(report).toMatchObject({ days: 4, published: 4, status: 'SUCCEEDED' })
  for (const limit of ['s3', 'creates', 'instances', 'invocations'] as const)
    expect(counts[limit].refused, limit).toBeGreaterThan(0)
  expect(rawReads.asked).toBeGreaterThan(rawReads.served)
  // Plan alone is refused eight times.
  expect(retries['Lambda.TooManyRequestsException']!.count).toBeGreaterThanOrEqual(8)
}, 120_000)
