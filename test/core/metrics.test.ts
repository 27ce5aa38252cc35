import { expect, test } from 'vitest'
import { metricLine } from '../../core/metrics.ts'

const subject = { deployment: 'tenant-b', dataset: 'jobs' }

test('a line declares metrics of the deployment without the dataset, which is a field of it', () => {
  expect(JSON.parse(metricLine(subject, { DaysPublished: 1, PublishSeconds: 2.5 }, 1000))).toEqual({
    _aws: {
      Timestamp: 1000,
      CloudWatchMetrics: [
        {
          Namespace: 'Dayfold',
          Dimensions: [['Deployment']],
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

test('a line declares metrics of a dataset with both dimensions, and with no others to pay', () => {
  const line = JSON.parse(metricLine(subject, { DaysOutstanding: 0, DaysFailed: 2 }, 1000)) as {
    _aws: { CloudWatchMetrics: { Dimensions: unknown; Metrics: { Name: string }[] }[] }
  }
  const declared = line._aws.CloudWatchMetrics.map(({ Dimensions, Metrics }) => [
    Dimensions,
    Metrics[0]!.Name,
  ])
  expect(declared).toEqual([
    [[['Deployment', 'Dataset']], 'DaysOutstanding'],
    [[['Deployment']], 'DaysFailed'],
  ])
})

test('a line of the deployment as a whole names no dataset', () => {
  const line = JSON.parse(metricLine({ deployment: 'tenant-b' }, { HoursSinceVerified: 0 }, 1000)) as object
  expect(line).toMatchObject({ Deployment: 'tenant-b', HoursSinceVerified: 0 })
  expect(line).not.toHaveProperty('Dataset')
})
