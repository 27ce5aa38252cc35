import {
  Alarm,
  ComparisonOperator,
  Metric,
  Stats,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { DeployedDataset } from '../../core/deployment.ts'
import { summaryKey, tablePrefix } from '../../core/layout.ts'
import {
  DATASET_DIMENSION,
  DEPLOYMENT_DIMENSION,
  METRIC_NAMESPACE,
  type DatasetMetric,
  type DeploymentMetric,
} from '../../core/metrics.ts'
import { longestGapHours, startsEveryDay } from '../schedule-gap.ts'
import { alarmName } from '../names.ts'

/** Properties of a dataset on which its alarms depend. */
export type WatchedDataset = Pick<DeployedDataset, 'name' | 'rawPrefix' | 'expectNewDataHours'>

/** Deployment, datasets and queue that the alarms watch, and the topic that they are sent to. */
export interface AlarmsProps {
  /** `name` of the deployment. */
  readonly name: string
  /** SNS topic that receives each alarm, and its end. */
  readonly topic: ITopic
  readonly datasets: readonly WatchedDataset[]
  /** Queue of starts that the schedule could not deliver. */
  readonly deadLetters: Queue
  /** `cron(…)` of the schedule; undefined if runs are not expected at regular times. */
  readonly schedule: string | undefined
  /** Hours without a run that found the tables correct after which an alarm is raised. */
  readonly freshHours: number
}

interface AlarmText {
  readonly description: string
  readonly investigation: string
  readonly resolution: string
}

interface AlarmRule {
  readonly metric: IMetric
  readonly threshold: number
  /** True raises the alarm below the threshold. @default above it */
  readonly isLow?: true
  /**
   * State of the alarm without data. The state of the data is reported at the end of each run and is unchanged in
   * between.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   */
  readonly silence: TreatMissingData
}

const PERIOD = Duration.minutes(5)
const HOUR = Duration.hours(1)
/** A job that waits longer for its instance needs a greater quota, or fewer jobs beside it. */
const LONGEST_INSTANCE_WAIT_SECONDS = 3600
/** Share of the weekday's usual rows below which an alarm is raised. */
const LEAST_VOLUME = 0.5
const { IGNORE, MISSING, NOT_BREACHING } = TreatMissingData

/**
 * The CloudWatch alarms of a deployment. Wherever possible they watch the state of the data: an alarm lasts until the
 * state changes, and its end is sent as well. A new alarm has no state and sends nothing until CloudWatch has evaluated
 * its first data, or the lack of it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export class Alarms extends Construct {
  private readonly props: AlarmsProps

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id)
    this.props = props
    for (const dataset of props.datasets) this.watchDataset(dataset)
    if (props.schedule !== undefined) this.watchFreshness(props.schedule)
    this.watchRuns()
    this.watchTables()
  }

  private watchDataset(dataset: WatchedDataset): void {
    const { name, expectNewDataHours } = dataset
    const state = (metric: DatasetMetric) => ofDataset(this.props.name, metric, name)
    this.add('DaysOutstanding', { metric: state('DaysOutstanding'), threshold: 0, silence: IGNORE }, name, {
      description: `Days of ${name} failed, and have not been published or accepted since.`,
      investigation: `dayfold status --dataset ${name} lists the days and the cause of each failure.`,
      resolution: 'Fix the cause and run the days in mode "failed", or accept the failures in mode "accept".',
    })
    if (expectNewDataHours === undefined) return
    const newData = { metric: state('HoursSinceNewData'), threshold: expectNewDataHours, silence: IGNORE }
    this.add('NoNewData', newData, name, {
      description: `No new raw files of ${name} have been published for more than ${expectNewDataHours} hours.`,
      investigation: `Are there new files below ${dataset.rawPrefix}/ in the raw bucket? Do runs fail?`,
      resolution:
        "Ask the supplier of the files. If they now send files less often, raise the dataset's expectNewDataHours.",
    })
    const volume = {
      metric: state('VolumeRatio'),
      threshold: LEAST_VOLUME,
      isLow: true,
      silence: IGNORE,
    } as const
    this.add('LowVolume', volume, name, {
      description: `The newest complete day of ${name} has less than ${LEAST_VOLUME} times the usual rows of that weekday.`,
      investigation: `Are raw files of the day missing? Were more of its records rejected than usual? Query ${name}_rejected.`,
      resolution:
        'Late files are published by the next run. After a lasting change of volume, the alarm ends within four weeks.',
    })
  }

  /**
   * Watches the hours since the tables were last found right. Each run reports them when it starts, and 0 when it finds
   * the tables right: the minimum between two starts is the newest value. If no run starts there is no data, which is
   * an alarm as well, unless the schedule skips days.
   */
  private watchFreshness(schedule: string): void {
    const { freshHours, topic } = this.props
    const period = Duration.hours(longestGapHours(schedule))
    const metric = ofDeployment(this.props.name, 'HoursSinceVerified', Stats.MINIMUM, period)
    const alarm = this.add('NotFresh', { metric, threshold: freshHours, silence: MISSING }, undefined, {
      description: `No run has verified the tables for ${freshHours} hours. Insufficient data: no run has started.`,
      investigation:
        'Has a run started? Is one still running? Were all of its days busy, empty, stuck or failed?',
      resolution: 'Follow the notices of failed runs and the alarms DaysOutstanding and ScheduleUndelivered.',
    })
    if (startsEveryDay(schedule)) alarm.addInsufficientDataAction(new SnsAction(topic))
  }

  private watchRuns(): void {
    const { name, deadLetters } = this.props
    const undelivered = deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD })
    this.addAbove0('ScheduleUndelivered', undelivered, NOT_BREACHING, {
      description: 'The schedule could not start a run.',
      investigation: 'The attributes of the message in the dead-letter queue name the error.',
      resolution: 'Fix that error, then purge the queue. The next scheduled run covers the same days.',
    })
    const metric = ofDeployment(name, 'InstanceWaitSeconds', Stats.MAXIMUM, HOUR)
    const wait = { metric, threshold: LONGEST_INSTANCE_WAIT_SECONDS, silence: NOT_BREACHING }
    this.add('InstanceWait', wait, undefined, {
      description:
        'A job has waited more than an hour for an instance. After about twelve hours its day fails; a later run redoes it.',
      investigation:
        "Look up the quota of the jobs' instance type for processing jobs in Service Quotas. What else uses it?",
      resolution:
        'Request a higher quota, or lower maxConcurrency. The alarm ends an hour after the last such wait.',
    })
    this.addAbove0('IntentGivenUp', ofDeployment(name, 'IntentsGivenUp', Stats.SUM, HOUR), NOT_BREACHING, {
      description: 'An interrupted publish could not be finished, because its staged files are gone.',
      investigation: 'The log of the function names the table and the day.',
      resolution: 'Nothing to do while runs succeed: the next one rebuilds the day from its raw files.',
    })
  }

  private watchTables(): void {
    const state = (metric: DeploymentMetric) => ofDeployment(this.props.name, metric, Stats.MAXIMUM)
    this.addAbove0('CountMismatch', state('CountMismatches'), IGNORE, {
      description: "Athena's row count of a day differs from the day's manifest.",
      investigation: `${summaryKey('<execution>')} names the day and both counts. Are there foreign objects below ${tablePrefix('<table>')}?`,
      resolution: 'Run the day with mode "rebuild".',
    })
    this.addAbove0(
      'CheckWarning',
      ofDeployment(this.props.name, 'CheckWarnings', Stats.SUM, HOUR),
      NOT_BREACHING,
      {
        description: 'A check of a dataset failed that only warns: its day was published.',
        investigation: 'dayfold status names the day, the check, and the expected and actual values.',
        resolution:
          'Fix the raw files or the dataset and rebuild the day, or change the check. The alarm ends after an hour.',
      },
    )
    this.addAbove0('CrawlFailed', state('CrawlersFailed'), IGNORE, {
      description:
        'The last crawl failed or did not end. No data is missing: published days are in the catalog without it.',
      investigation: "The warnings in the run's output name the table and the crawler's error.",
      resolution: 'Fix that error: the next run with a new day crawls again. Or turn the option crawler off.',
    })
  }

  private addAbove0(kind: string, metric: IMetric, silence: TreatMissingData, text: AlarmText): void {
    this.add(kind, { metric, threshold: 0, silence }, undefined, text)
  }

  private add(kind: string, rule: AlarmRule, dataset: string | undefined, text: AlarmText): Alarm {
    const { name, topic } = this.props
    const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator
    const { description, investigation, resolution } = text
    const alarm = new Alarm(this, dataset === undefined ? kind : `${kind}-${dataset}`, {
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: rule.isLow ? LESS_THAN_THRESHOLD : GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: rule.silence,
      alarmName: alarmName(name, kind, dataset),
      alarmDescription: `${description}\nInvestigation: ${investigation}\nResolution: ${resolution}`,
    })
    alarm.addAlarmAction(new SnsAction(topic))
    alarm.addOkAction(new SnsAction(topic))
    return alarm
  }
}

/**
 * Returns a CloudWatch metric that Dayfold's functions report for the deployment as a whole, for alarms and graphs.
 *
 * @param deployment `name` of the deployment
 * @param period default: five minutes
 */
export function ofDeployment(
  deployment: string,
  metricName: DeploymentMetric,
  statistic: string,
  period: Duration = PERIOD,
): Metric {
  const dimensionsMap = { [DEPLOYMENT_DIMENSION]: deployment }
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap, statistic, period })
}

/** Returns a metric of a dataset's state, as the last run reported it. */
function ofDataset(deployment: string, metricName: DatasetMetric, dataset: string): Metric {
  const dimensionsMap = { [DEPLOYMENT_DIMENSION]: deployment, [DATASET_DIMENSION]: dataset }
  const statistic = metricName === 'VolumeRatio' ? Stats.MINIMUM : Stats.MAXIMUM
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap, statistic, period: PERIOD })
}
