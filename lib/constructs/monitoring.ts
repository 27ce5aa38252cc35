import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  Metric,
  Stats,
  TreatMissingData,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { summaryKey, tablePrefix } from '../../core/layout.ts'
import { DEPLOYMENT_DIMENSION, METRIC_NAMESPACE, METRICS, type MetricName } from '../../core/metrics.ts'
import { manyPrefix } from '../names.ts'
import { acknowledge } from './acknowledge.ts'

export interface MonitoringProps {
  readonly name: string
  /** Where alarms are sent to; undefined: to the topic only. */
  readonly alarmEmail: string | undefined
  /** Key of the topic; undefined: messages are not encrypted at rest. */
  readonly key: IKey | undefined
  readonly stateMachine: StateMachine
  readonly deadLetters: Queue
  /** Hours without a verified run that are an alarm; undefined: none are. At most 168. */
  readonly freshHours: number | undefined
}

interface AlarmText {
  readonly description: string
  readonly investigation: string
  readonly resolution: string
}

const PERIOD = Duration.minutes(5)

/** Alarms, the topic that they are sent to, and a dashboard. */
export class Monitoring extends Construct {
  readonly topic: Topic
  private readonly props: MonitoringProps

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id)
    this.props = props
    this.topic = new Topic(this, 'Alarms', {
      topicName: `${props.name}-alarms`,
      enforceSSL: true,
      ...(props.key && { masterKey: props.key }),
    })
    acknowledge(this.topic, {
      'AwsSolutions-SNS2':
        "An alarm's text is no secret, and alarms cannot publish with the key that AWS manages.",
    })
    this.letAlarmsPublish()
    if (props.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(props.alarmEmail))
    this.alarmOnRuns()
    this.alarmOnData()
    this.dashboard()
  }

  /**
   * A topic with a policy of its own, which refuses plain HTTP here, loses the one that lets its account publish.
   * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
   * https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
   */
  private letAlarmsPublish(): void {
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${manyPrefix(this.props.name)}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowPublishOfAlarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': alarms },
        },
      }),
    )
  }

  private alarmOnRuns(): void {
    const { stateMachine, deadLetters, freshHours } = this.props
    const period = { period: PERIOD }
    this.alarmAbove0('RunFailed', stateMachine.metricFailed(period), {
      description: 'A run failed: dataset-days failed, counts disagree, or a state did.',
      investigation: `The execution's cause names the days. ${summaryKey('<execution>')} has all of them.`,
      resolution:
        'Run the days again with {"from": …, "to": …, "mode": "failed"}; redrive when Crawl or Verify failed.',
    })
    this.alarmAbove0('RunTimedOut', stateMachine.metricTimedOut(period), {
      description: 'A run reached its timeout.',
      investigation: 'Look at the running children of its Map: which state do they wait in?',
      resolution: 'Start it again: days that were published are left alone.',
    })
    this.alarmAbove0('ScheduleUndelivered', deadLetters.metricApproximateNumberOfMessagesVisible(period), {
      description: 'The schedule could not start a run.',
      investigation: 'The attributes of the message in the queue of dead letters name the error.',
      resolution: 'Mend what it names, then empty the queue: the next start covers the same days.',
    })
    if (freshHours !== undefined) this.alarmOnSilence(freshHours)
  }

  /**
   * A run whose days did not all succeed has verified the tables too: those days are RunFailed's matter. Periods are
   * an hour, because an alarm looks for data some periods further back before it takes silence for silence, and
   * because it may wait for seven days then.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
   */
  private alarmOnSilence(freshHours: number): void {
    const text = {
      description: `No run has verified the tables for ${freshHours} hours: they are no longer fresh.`,
      investigation: 'Has a run started? Is one still going on, or did it fail before it verified?',
      resolution: 'See RunFailed and ScheduleUndelivered; ask for more instances if runs take too long.',
    }
    this.alarm('NotFresh', this.own('RunsVerified').with({ period: Duration.hours(1) }), text, {
      treatMissingData: TreatMissingData.BREACHING,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: freshHours,
    })
  }

  private alarmOnData(): void {
    this.alarmAbove0('CountMismatch', this.own('CountMismatches'), {
      description: "Athena counts other rows than a day's manifest says.",
      investigation: `summary.json names day and counts. Is anything else under ${tablePrefix('<table>')}?`,
      resolution: 'Run the day with mode "rebuild".',
    })
    this.alarmAbove0('CrawlFailed', this.own('CrawlersFailed'), {
      description:
        'A crawler failed. Days are in the catalog when they are published: no data is missing for it.',
      investigation: "The warnings in the run's output name the table and what the crawler said.",
      resolution: 'Mend what it names, or set crawler to off: the next run with a new day crawls again.',
    })
    this.alarmAbove0('IntentGivenUp', this.own('IntentsGivenUp'), {
      description: 'A publish that was cut off could not be finished, since its staged files are gone.',
      investigation: 'The log of the function that gave up names table and day.',
      resolution: 'None is needed while runs succeed: the day is rebuilt from raw files.',
    })
  }

  private alarmAbove0(id: string, metric: IMetric, text: AlarmText): void {
    const treatMissingData = TreatMissingData.NOT_BREACHING
    const comparisonOperator = ComparisonOperator.GREATER_THAN_THRESHOLD
    this.alarm(id, metric, text, {
      treatMissingData,
      comparisonOperator,
      threshold: 0,
      evaluationPeriods: 1,
    })
  }

  private alarm(id: string, metric: IMetric, text: AlarmText, rule: AlarmRule): void {
    const { description, investigation, resolution } = text
    const alarm = new Alarm(this, id, {
      ...rule,
      metric,
      alarmName: `${manyPrefix(this.props.name)}${id}`,
      alarmDescription: `${description}\nInvestigation: ${investigation}\nResolution: ${resolution}`,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
  }

  private dashboard(): void {
    const { name, stateMachine } = this.props
    const runs = [stateMachine.metricSucceeded(), stateMachine.metricFailed(), stateMachine.metricTimedOut()]
    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.days(7),
      widgets: [
        [graph('Runs', runs), graph('Duration of runs', [stateMachine.metricTime()])],
        [
          graph('Dataset-days', [
            this.own('DaysPublished'),
            this.own('DaysFailed'),
            this.own('DaysUnchanged'),
            this.own('LateDays'),
          ]),
          graph('Records', [
            this.own('RecordsProcessed'),
            this.own('RecordsRejected'),
            this.own('RowsPublished'),
          ]),
        ],
        [
          graph('From attempt to publish', [
            this.own('PublishSeconds', Stats.p(50)),
            this.own('PublishSeconds', Stats.p(99)),
          ]),
          graph('Verification', [this.own('DaysVerified'), this.own('CountMismatches')]),
        ],
      ],
    })
  }

  /** A metric that the functions of this deployment write, over all datasets. */
  private own(
    metricName: MetricName,
    statistic: string = METRICS[metricName] === 'Count' ? Stats.SUM : Stats.p(50),
  ): Metric {
    const dimensionsMap = { [DEPLOYMENT_DIMENSION]: this.props.name }
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap,
      statistic,
      period: PERIOD,
    })
  }
}

interface AlarmRule {
  readonly treatMissingData: TreatMissingData
  readonly comparisonOperator: ComparisonOperator
  readonly threshold: number
  readonly evaluationPeriods: number
}

function graph(title: string, left: IMetric[]): IWidget {
  return new GraphWidget({ title, left, width: 12 })
}
