/**
 * Metrics in CloudWatch's embedded format: a line of a function's log becomes a metric without a call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

export const METRIC_NAMESPACE = 'Dayfold'
/** Every metric has this dimension, the `name` of the configuration: deployments of one account do not mix. */
export const DEPLOYMENT_DIMENSION = 'Deployment'
/** The dimension of metrics of a dataset. In other lines that are about a dataset it is a field, for Logs Insights. */
export const DATASET_DIMENSION = 'Dataset'

/**
 * Metrics that each dataset has for itself, with their units: the state of its data, as it is when an execution ends.
 * Each costs $0.30 a month and dataset. https://aws.amazon.com/cloudwatch/pricing/
 */
export const DATASET_METRICS = {
  /** Hours since rows of new raw files were published, of a day that the schedule covers. */
  HoursSinceNewData: 'None',
  /** Days that failed, and were neither published nor accepted since. */
  DaysOutstanding: 'Count',
  /** Rows of the newest day that is over, to the median of that weekday in the four weeks before. */
  VolumeRatio: 'None',
} as const

/** Metrics of the deployment as a whole, with their units. Each costs $0.30 a month. */
export const DEPLOYMENT_METRICS = {
  /** Hours since a run last found the tables right: the start of each execution tells it, and the end of such a run 0. */
  HoursSinceVerified: 'None',
  /** How long a job has waited for an instance, told at each further try. */
  InstanceWaitSeconds: 'Seconds',
  DaysPublished: 'Count',
  DaysFailed: 'Count',
  /** Of the raw files that were read for a publish, not of the whole day. */
  RecordsProcessed: 'Count',
  RecordsRejected: 'Count',
  /** Checks that failed and let their day pass: told when it is published, and when doubled rows are found. */
  CheckWarnings: 'Count',
  /** From the start of the attempt to its publish. */
  PublishSeconds: 'Seconds',
  /** Publishes that were cut off and could not be finished. */
  IntentsGivenUp: 'Count',
  /** Of the last execution in which crawlers ran: those that failed, or did not end. */
  CrawlersFailed: 'Count',
  /** Days that Athena counts other rows of than their manifests, as the last run found. */
  CountMismatches: 'Count',
} as const

/** Names of the metrics with their units. Alarms, dashboards and functions take them from here. */
export const METRICS = { ...DATASET_METRICS, ...DEPLOYMENT_METRICS }
export type DatasetMetric = keyof typeof DATASET_METRICS
export type DeploymentMetric = keyof typeof DEPLOYMENT_METRICS
export type MetricName = keyof typeof METRICS
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>

/** What metrics are about. */
export interface MetricSubject {
  /** The `name` of the configuration. */
  readonly deployment: string
  /** Needed by metrics of a dataset. @default the deployment as a whole */
  readonly dataset?: string | undefined
}

/**
 * The log line that makes metrics of `values`, each with the dimensions of its kind and no others: every further set of
 * dimensions is a further metric to pay.
 *
 * @param now milliseconds since 1970
 */
export function metricLine(
  { deployment, dataset }: MetricSubject,
  values: MetricValues,
  now: number,
): string {
  const names = Object.keys(values) as MetricName[]
  const directives = [
    directive(
      names.filter((name) => name in DATASET_METRICS),
      [DEPLOYMENT_DIMENSION, DATASET_DIMENSION],
    ),
    directive(
      names.filter((name) => name in DEPLOYMENT_METRICS),
      [DEPLOYMENT_DIMENSION],
    ),
  ]
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: directives.flat() },
    [DEPLOYMENT_DIMENSION]: deployment,
    [DATASET_DIMENSION]: dataset,
    ...values,
  })
}

function directive(names: readonly MetricName[], dimensions: readonly string[]): object[] {
  if (names.length === 0) return []
  const Metrics = names.map((name) => ({ Name: name, Unit: METRICS[name] }))
  return [{ Namespace: METRIC_NAMESPACE, Dimensions: [dimensions], Metrics }]
}
