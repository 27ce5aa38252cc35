import { expect, it } from 'vitest'
import { DEFAULT_READ_SETTINGS } from '../../core/read-settings.ts'
import { deploymentOf } from '../../lib/deployment.ts'

const said = { ...DEFAULT_READ_SETTINGS, name: 'jobs', columns: [], featureVersion: 'v1', rejectedFloor: 7 }

it('lets configuration override how a dataset is read', () => {
  const settings = {
    jobs: { rawLayout: 'dt=YYYY-MM-DD', unreadable: 'skip', rejectedFloor: undefined },
  } as const
  const { datasets } = deploymentOf([said], 'dayfold', { datasets: settings, crawler: 'off' })
  expect(datasets).toEqual([
    {
      ...said,
      rawLayout: 'dt=YYYY-MM-DD',
      unreadable: 'skip',
      rawPrefix: 'jobs',
      timeZone: 'UTC',
      lookbackDays: 7,
    },
  ])
})

it('lets configuration override how a dataset is run, and says nothing that neither says', () => {
  const wishes = { ...said, instanceType: 'ml.m5.large', workers: 2 }
  const settings = { jobs: { instanceType: 'ml.m5.4xlarge', expectNewDataHours: 26 } }
  const { datasets } = deploymentOf([wishes], 'dayfold', { datasets: settings, crawler: 'off' })
  expect(datasets[0]).toMatchObject({ instanceType: 'ml.m5.4xlarge', workers: 2, expectNewDataHours: 26 })
  expect(datasets[0]).not.toHaveProperty('volumeSizeGb')
})
