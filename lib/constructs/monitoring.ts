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
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { METRIC_NAMESPACE, METRICS, type MetricName } from '../../core/metrics.ts'
import { acknowledge } from './acknowledge.ts'

export interface MonitoringProps {
  readonly name: string
  /** Where alarms are sent to; undefined: to the topic only. */
  readonly alarmEmail: string | undefined
  readonly stateMachine: StateMachine
  readonly deadLetters: Queue
  /** Whether silence is an alarm. */
  readonly scheduled: boolean
}

interface AlarmText {
  readonly description: string
  readonly investigation: string
  readonly resolution: string
}

const PERIOD = Duration.minutes(5)
/** Longer than two starts of the default schedule are apart: one run may fail. */
const SILENCE = Duration.hours(6)

/** Alarms, the topic that they are sent to, and a dashboard. */
export class Monitoring extends Construct {
  readonly topic: Topic
  private readonly props: MonitoringProps

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id)
    this.props = props
    this.topic = new Topic(this, 'Alarms', { topicName: `${props.name}-alarms`, enforceSSL: true })
    acknowledge(this.topic, {
      'AwsSolutions-SNS2':
        "An alarm's text is no secret, and alarms cannot publish with the key that AWS manages.",
    })
    if (props.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(props.alarmEmail))
    this.alarmOnRuns()
    this.alarmOnData()
    this.dashboard()
  }

  private alarmOnRuns(): void {
    const { stateMachine, deadLetters, scheduled } = this.props
    const period = { period: PERIOD }
    this.alarmAbove0('RunFailed', stateMachine.metricFailed(period), {
      description: 'A run failed: dataset-days failed, counts disagree, or a state did.',
      investigation: "The execution's cause names the days. runs/<execution>/summary.json has all of them.",
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
    if (scheduled) this.alarmOnSilence(stateMachine.metricSucceeded({ period: SILENCE }))
  }

  private alarmOnSilence(metric: IMetric): void {
    const text = {
      description: 'No run has succeeded for six hours: tables are no longer fresh.',
      investigation: 'Has a run started? Is one still going on? The state machine lists them.',
      resolution: 'See RunFailed and ScheduleUndelivered; ask for more instances if runs take too long.',
    }
    const treatMissingData = TreatMissingData.BREACHING
    const comparisonOperator = ComparisonOperator.LESS_THAN_THRESHOLD
    this.alarm('NotFresh', metric, text, { treatMissingData, comparisonOperator, threshold: 1 })
  }

  private alarmOnData(): void {
    this.alarmAbove0('CountMismatch', own('CountMismatches'), {
      description: "Athena counts other rows than a day's manifest says.",
      investigation: 'summary.json names day and counts. Is anything else under processed/<table>/?',
      resolution: 'Run the day with mode "rebuild".',
    })
    this.alarmAbove0('IntentGivenUp', own('IntentsGivenUp'), {
      description: 'A publish that was cut off could not be finished, since its staged files are gone.',
      investigation: 'The log of the function that gave up names table and day.',
      resolution: 'None is needed while runs succeed: the day is rebuilt from raw files.',
    })
  }

  private alarmAbove0(id: string, metric: IMetric, text: AlarmText): void {
    const treatMissingData = TreatMissingData.NOT_BREACHING
    const comparisonOperator = ComparisonOperator.GREATER_THAN_THRESHOLD
    this.alarm(id, metric, text, { treatMissingData, comparisonOperator, threshold: 0 })
  }

  private alarm(id: string, metric: IMetric, text: AlarmText, rule: AlarmRule): void {
    const { description, investigation, resolution } = text
    const alarm = new Alarm(this, id, {
      ...rule,
      metric,
      alarmName: `${this.props.name}-${id}`,
      alarmDescription: `${description}\nInvestigation: ${investigation}\nResolution: ${resolution}`,
      evaluationPeriods: 1,
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
            own('DaysPublished'),
            own('DaysFailed'),
            own('DaysUnchanged'),
            own('LateDays'),
          ]),
          graph('Records', [own('RecordsProcessed'), own('RecordsRejected'), own('RowsPublished')]),
        ],
        [
          graph('From attempt to publish', [
            own('PublishSeconds', Stats.p(50)),
            own('PublishSeconds', Stats.p(99)),
          ]),
          graph('Verification', [own('DaysVerified'), own('CountMismatches')]),
        ],
      ],
    })
  }
}

interface AlarmRule {
  readonly treatMissingData: TreatMissingData
  readonly comparisonOperator: ComparisonOperator
  readonly threshold: number
}

/** A metric that the functions write, over all datasets. */
function own(
  metricName: MetricName,
  statistic: string = METRICS[metricName] === 'Count' ? Stats.SUM : Stats.p(50),
): Metric {
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, statistic, period: PERIOD })
}

function graph(title: string, left: IMetric[]): IWidget {
  return new GraphWidget({ title, left, width: 12 })
}
