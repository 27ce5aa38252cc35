import { expect, test } from 'vitest'
import { runSettingProblem, runSettings } from '../../core/run-settings.ts'

test.each([
  [{}, undefined],
  [
    { instanceType: 'ml.m5.4xlarge', volumeSizeGb: 1, workers: 1, maxConcurrency: 1, expectNewDataHours: 1 },
    undefined,
  ],
  [{ volumeSizeGb: 16_384, workers: 192, maxConcurrency: 1000, expectNewDataHours: 8760 }, undefined],
  [
    { instanceType: 'm5.large' },
    'instanceType: expected a SageMaker instance type such as ml.m5.2xlarge, found "m5.large"',
  ],
  [
    { instanceType: 'ml.m5.large ' },
    'instanceType: expected a SageMaker instance type such as ml.m5.2xlarge, found "ml.m5.large "',
  ],
  [{ volumeSizeGb: 0 }, 'volumeSizeGb: expected a whole number from 1 to 16384, found 0'],
  [{ volumeSizeGb: 16_385 }, 'volumeSizeGb: expected a whole number from 1 to 16384, found 16385'],
  [{ workers: 193 }, 'workers: expected a whole number from 1 to 192, found 193'],
  [{ workers: 1.5 }, 'workers: expected a whole number from 1 to 192, found 1.5'],
  [{ maxConcurrency: 1001 }, 'maxConcurrency: expected a whole number from 1 to 1000, found 1001'],
  [{ expectNewDataHours: 8761 }, 'expectNewDataHours: expected a whole number from 1 to 8760, found 8761'],
])('%j: %s', (settings, problem) => {
  expect(runSettingProblem(settings)).toBe(problem)
})

test('a setting is taken from the first that has it, and left out where none has', () => {
  expect(runSettings({ workers: 2 })).toEqual({ workers: 2 })
  const settings = runSettings({ workers: 2, volumeSizeGb: undefined }, { workers: 3, volumeSizeGb: 50 })
  expect(settings).toEqual({ workers: 2, volumeSizeGb: 50 })
})
