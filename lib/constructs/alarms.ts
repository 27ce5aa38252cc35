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
      description: `Days of ${name} failed, and were neither published nor accepted since.`,
      investigation: `dayfold status --dataset ${name} lists them, with the cause of each.`,
      resolution: 'Mend the cause and run the days in mode "failed", or accept them with mode "accept".',
    })
    if (expectNewDataHours === undefined) return
    const newData = { metric: state('HoursSinceNewData'), threshold: expectNewDataHours, silence: IGNORE }
    this.add('NoNewData', newData, name, {
      description: `No rows of new raw files of ${name} were published for more than ${expectNewDataHours} hours.`,
      investigation: `Are there new files below ${dataset.rawPrefix}/ in the raw bucket? Do runs fail?`,
      resolution: "Ask whoever sends the files. If they send fewer, raise the dataset's expectNewDataHours.",
    })
    const volume = {
      metric: state('VolumeRatio'),
      threshold: LEAST_VOLUME,
      isLow: true,
      silence: IGNORE,
    } as const
    this.add('LowVolume', volume, name, {
      description: `The newest whole day of ${name} has less than ${LEAST_VOLUME} of the rows that the weekday usually has.`,
      investigation: `Does the day lack raw files? Are more of its records rejected? Look at ${name}_rejected.`,
      resolution:
        'Late files are published by themselves. If the volume has changed for good, four weeks end it.',
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
      description: `No run has found the tables right for ${freshHours} hours; without data: no run has started.`,
      investigation:
        'Has a run started? Does one still go on? Were all of its days busy, empty, stuck or failed?',
      resolution: 'See the notices of failed runs, DaysOutstanding and ScheduleUndelivered.',
    })
    if (startsEveryDay(schedule)) alarm.addInsufficientDataAction(new SnsAction(topic))
  }

  private watchRuns(): void {
    const { name, deadLetters } = this.props
    const undelivered = deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD })
    this.addAbove0('ScheduleUndelivered', undelivered, NOT_BREACHING, {
      description: 'The schedule could not start a run.',
      investigation: 'The attributes of the message in the queue of dead letters name the error.',
      resolution: 'Mend what it names, then empty the queue: the next start covers the same days.',
    })
    const metric = ofDeployment(name, 'InstanceWaitSeconds', Stats.MAXIMUM, HOUR)
    const wait = { metric, threshold: LONGEST_INSTANCE_WAIT_SECONDS, silence: NOT_BREACHING }
    this.add('InstanceWait', wait, undefined, {
      description:
        'A job has waited more than an hour for an instance. After about twelve hours its day fails, to be redone.',
      investigation: "Service Quotas: instances of the jobs' type for processing jobs. What else uses them?",
      resolution:
        'Ask for a greater quota, or lower maxConcurrency. It ends an hour after the last such wait.',
    })
    this.addAbove0('IntentGivenUp', ofDeployment(name, 'IntentsGivenUp', Stats.SUM, HOUR), NOT_BREACHING, {
      description: 'A publish that was cut off could not be finished, since its staged files are gone.',
      investigation: 'The log of the function that gave up names table and day.',
      resolution: 'None is needed while runs succeed: the next one makes the day anew from its raw files.',
    })
  }

  private watchTables(): void {
    const state = (metric: DeploymentMetric) => ofDeployment(this.props.name, metric, Stats.MAXIMUM)
    this.addAbove0('CountMismatch', state('CountMismatches'), IGNORE, {
      description: "Athena counts other rows than a day's manifest says.",
      investigation: `${summaryKey('<execution>')} names day and counts. Is anything else under ${tablePrefix('<table>')}?`,
      resolution: 'Run the day with mode "rebuild".',
    })
    this.addAbove0(
      'CheckWarning',
      ofDeployment(this.props.name, 'CheckWarnings', Stats.SUM, HOUR),
      NOT_BREACHING,
      {
        description: 'A check of a dataset failed and let its day pass.',
        investigation: 'dayfold status names the day, the check, what it expected and what it found.',
        resolution:
          'Mend the raw files or the dataset and rebuild the day, or change the check. It ends after an hour.',
      },
    )
    this.addAbove0('CrawlFailed', state('CrawlersFailed'), IGNORE, {
      description:
        'The last crawl failed or did not end. Days are in the catalog all the same: no data is missing.',
      investigation: "The warnings in the run's output name the table and what the crawler said.",
      resolution: 'Mend what it names: the next run with a new day crawls again. Or set crawler to off.',
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
