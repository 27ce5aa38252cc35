import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { TEST_REGISTRY } from '../support/acceptance/places.ts'
import { simulate, type SimulationOptions } from '../support/simulation/simulate.ts'

const OPTIONS = {
  registry: TEST_REGISTRY,
  dataset: 'impressions',
  days: 12,
  files: 200,
  maxConcurrency: 8,
  seed: '1',
  slowed: 0.2,
  throttled: 0,
  createsASecond: 1,
  instances: 3,
}

function simulated(options: Partial<SimulationOptions> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'dayfold-simulation-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return simulate({ ...OPTIONS, ...options, home })
}

test('a backfill within limits publishes every day once, in hours that pass at once', async () => {
  const result = await simulated()
  expect(result.problems).toEqual([])
  expect(result).toMatchObject({ status: 'SUCCEEDED', jobs: 12, failedJobs: 0 })
  // Three instances run four jobs each, one after the other, and each takes at least three minutes to start.
  expect(result.hours).toBeGreaterThan(4 * (3 / 60))
  expect(result.hours).toBeLessThan(24)
  expect(Object.keys(result.histories.retries)).toEqual(
    expect.arrayContaining([
      'SageMaker.AmazonSageMakerException',
      'SageMaker.ResourceLimitExceededException',
    ]),
  )
  expect(result.histories.children).toBe(12)
  expect(result.histories.longest).toBeLessThan(1000)
  expect(result.histories.largestPayload).toBeLessThan(10_000)
  expect(result.usage.s3Reads).toBeGreaterThan(12 * 200)
  expect(result.usage.transitions).toBeGreaterThan(12 * 8)
  expect(result.dollars['SageMaker']).toBeGreaterThan(0.1)
})

test('a day that no job of could end is told as lost', async () => {
  const result = await simulated({ days: 2, files: 3, instances: 20, throttled: 1 })
  expect(result.status).toBe('FAILED')
  expect(result.problems).toEqual(
    expect.arrayContaining([
      '2025-12-31: times published, by the summary: expected 1, found 0',
      '2025-12-31: generation, by the manifest: expected 1, found none',
      'Days verified by Athena: expected 2, found 0',
    ]),
  )
})
