/**
 * Metrics in CloudWatch's embedded format: CloudWatch makes a metric from a line of a function's log, without a call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

/** CloudWatch namespace of all of Dayfold's metrics. */
export const METRIC_NAMESPACE = 'Dayfold'
/**
 * CloudWatch dimension of every metric; its value is the `name` of the configuration, so that deployments in one
 * account stay apart.
 */
export const DEPLOYMENT_DIMENSION = 'Deployment'
/**
 * CloudWatch dimension of the metrics of single datasets; its value is the dataset's name. Other log lines about a
 * dataset have it as a field, for Logs Insights.
 */
export const DATASET_DIMENSION = 'Dataset'

/**
 * CloudWatch metrics of each dataset with their units: the state of its data at the end of an execution. Each costs
 * $0.30 per month and dataset.
 * https://aws.amazon.com/cloudwatch/pricing/
 */
export const DATASET_METRICS = {
  /** Hours since rows of new raw files were published for a day that the schedule covers. */
  HoursSinceNewData: 'None',
  /** Days that failed, are stuck or superseded, and were neither published nor accepted since. */
  DaysOutstanding: 'Count',
  /** Rows of the newest complete day, divided by the median of that weekday in the four weeks before. */
  VolumeRatio: 'None',
} as const

/** CloudWatch metrics of the whole deployment with their units. Each costs $0.30 per month. */
export const DEPLOYMENT_METRICS = {
  /**
   * Hours since a run last found the tables correct. Each execution reports it at its start, a run that finds them
   * correct reports 0 at its end.
   */
  HoursSinceVerified: 'None',
  /** Seconds that a job has waited for an instance so far, reported at each further try. */
  InstanceWaitSeconds: 'Seconds',
  /** Dataset-days that an execution published. */
  DaysPublished: 'Count',
  /** Dataset-days that failed in an execution. */
  DaysFailed: 'Count',
  /** Records of the raw files that were read for a publish, not of the whole day. */
  RecordsProcessed: 'Count',
  /** Rejected records of the raw files that were read for a publish. */
  RecordsRejected: 'Count',
  /** Failed checks that only warn, reported at the publish, and when duplicate rows are found. */
  CheckWarnings: 'Count',
  /** Seconds from the start of the attempt to its publish. */
  PublishSeconds: 'Seconds',
  /** Publishes that were interrupted and could not be finished. */
  IntentsGivenUp: 'Count',
  /** Crawls of an execution that failed or did not end. Reported by executions that crawled. */
  CrawlersFailed: 'Count',
  /** Days whose row count in Athena differs from their manifest, in the last run. */
  CountMismatches: 'Count',
} as const

/** All CloudWatch metrics with their units. Alarms, dashboards and functions take their names from here. */
export const METRICS = { ...DATASET_METRICS, ...DEPLOYMENT_METRICS }
/** Name of a CloudWatch metric that is reported for each dataset separately, such as `HoursSinceNewData`. */
export type DatasetMetric = keyof typeof DATASET_METRICS
/**
 * Name of a CloudWatch metric that is reported for the deployment as a whole, such as `DaysFailed`. The Lambda
 * functions report it.
 */
export type DeploymentMetric = keyof typeof DEPLOYMENT_METRICS
/** Name of any CloudWatch metric, of a dataset or of the deployment. */
export type MetricName = keyof typeof METRICS
/** Values to report, by metric and in the metric's unit. */
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>

/** The deployment, or the dataset of it, that metric values are about. */
export interface MetricSubject {
  /** `name` of the configuration. */
  readonly deployment: string
  /** Name of the dataset, required for metrics of a dataset. @default the deployment as a whole */
  readonly dataset?: string | undefined
}

/**
 * Returns the line that makes CloudWatch record `values` when a function logs it. Each metric gets the dimensions of
 * its kind and no others, because every further set of dimensions is billed as a metric of its own.
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
