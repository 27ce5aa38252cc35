/**
 * Metrics in CloudWatch's embedded format: a line of a function's log becomes a metric without a call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

export const METRIC_NAMESPACE = 'Dayfold'
/** Every metric has this dimension, the `name` of the configuration: deployments of one account do not mix. */
export const DEPLOYMENT_DIMENSION = 'Deployment'
/** A metric of a dataset stands once with this dimension as well, and once, summed over all datasets, without. */
export const DATASET_DIMENSION = 'Dataset'

/** Names of the metrics with their units. Alarms, dashboards and functions take them from here. */
export const METRICS = {
  DaysPublished: 'Count',
  DaysFailed: 'Count',
  DaysUnchanged: 'Count',
  /** A day that was over already has got further raw files. */
  LateDays: 'Count',
  /** Of the raw files that were read for a publish, not of the whole day. */
  RecordsProcessed: 'Count',
  RecordsRejected: 'Count',
  /** Of the whole day, as it was published. */
  RowsPublished: 'Count',
  BytesPublished: 'Bytes',
  /** From the start of the attempt to its publish. */
  PublishSeconds: 'Seconds',
  IntentsRolledForward: 'Count',
  IntentsGivenUp: 'Count',
  CrawlersStarted: 'Count',
  CrawlersFailed: 'Count',
  DaysVerified: 'Count',
  CountMismatches: 'Count',
  /** A run has counted whatever was published and not verified yet, whether or not all of its days succeeded. */
  RunsVerified: 'Count',
} as const
export type MetricName = keyof typeof METRICS
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>

/** What metrics are about. */
export interface MetricSubject {
  /** The `name` of the configuration. */
  readonly deployment: string
  /** @default the deployment as a whole */
  readonly dataset?: string | undefined
}

/**
 * The log line that makes metrics of `values`.
 *
 * @param now milliseconds since 1970
 */
export function metricLine(
  { deployment, dataset }: MetricSubject,
  values: MetricValues,
  now: number,
): string {
  const names = Object.keys(values) as MetricName[]
  const ofDataset = dataset === undefined ? [] : [[DEPLOYMENT_DIMENSION, DATASET_DIMENSION]]
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [...ofDataset, [DEPLOYMENT_DIMENSION]],
          Metrics: names.map((name) => ({ Name: name, Unit: METRICS[name] })),
        },
      ],
    },
    [DEPLOYMENT_DIMENSION]: deployment,
    [DATASET_DIMENSION]: dataset,
    ...values,
  })
}
