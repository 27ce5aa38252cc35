import { expect, test } from 'vitest'
import { metricLine } from '../../core/metrics.ts'

test('a line declares its metrics with and without the dataset, and holds their values', () => {
  expect(JSON.parse(metricLine('jobs', { DaysPublished: 1, PublishSeconds: 2.5 }, 1000))).toEqual({
    _aws: {
      Timestamp: 1000,
      CloudWatchMetrics: [
        {
          Namespace: 'Dayfold',
          Dimensions: [['Dataset'], []],
          Metrics: [
            { Name: 'DaysPublished', Unit: 'Count' },
            { Name: 'PublishSeconds', Unit: 'Seconds' },
          ],
        },
      ],
    },
    Dataset: 'jobs',
    DaysPublished: 1,
    PublishSeconds: 2.5,
  })
})
