import { expect, test } from 'vitest'
import { deployedDataset, type DeployedDataset } from '../../core/deployment.ts'

const [jobs, clicks] = [{ name: 'jobs' }, { name: 'clicks' }] as unknown as [DeployedDataset, DeployedDataset]

test('a dataset is found in the deployment by its name', () => {
  expect(deployedDataset({ datasets: [jobs, clicks] }, 'clicks')).toBe(clicks)
})

test('a dataset that is not deployed is refused with those that are', () => {
  expect(() => deployedDataset({ datasets: [jobs, clicks] }, 'job')).toThrow(
    expect.objectContaining({
      code: 'UnknownDataset',
      message: 'Dataset: expected one of jobs, clicks, found "job".',
    }) as Error,
  )
})
