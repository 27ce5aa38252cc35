import { expect, test } from 'vitest'
import { metricLine } from '../../core/metrics.ts'

const subject = { deployment: 'tenant-b', dataset: 'jobs' }

test('a line declares its metrics of the deployment, with and without the dataset, and holds their values', () => {
  expect(JSON.parse(metricLine(subject, { DaysPublished: 1, PublishSeconds: 2.5 }, 1000))).toEqual({
    _aws: {
      Timestamp: 1000,
      CloudWatchMetrics: [
        {
          Namespace: 'Dayfold',
          Dimensions: [['Deployment', 'Dataset'], ['Deployment']],
          Metrics: [
            { Name: 'DaysPublished', Unit: 'Count' },
            { Name: 'PublishSeconds', Unit: 'Seconds' },
          ],
        },
      ],
    },
    Deployment: 'tenant-b',
    Dataset: 'jobs',
    DaysPublished: 1,
    PublishSeconds: 2.5,
  })
})

test('a line of the deployment as a whole names no dataset', () => {
  const line = JSON.parse(metricLine({ deployment: 'tenant-b' }, { RunsVerified: 1 }, 1000)) as {
    _aws: { CloudWatchMetrics: { Dimensions: unknown }[] }
  }
  expect(line._aws.CloudWatchMetrics[0]!.Dimensions).toEqual([['Deployment']])
  expect(line).toMatchObject({ Deployment: 'tenant-b', RunsVerified: 1 })
  expect(line).not.toHaveProperty('Dataset')
})
