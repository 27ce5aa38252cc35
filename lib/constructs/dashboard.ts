import {
  Dashboard,
  GraphWidget,
  MathExpression,
  Stats,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import {
  DATASET_DIMENSION,
  DEPLOYMENT_DIMENSION,
  METRIC_NAMESPACE,
  type DatasetMetric,
} from '../../core/metrics.ts'
import { ofDeployment } from './alarms.ts'

/**
 * Adds the CloudWatch dashboard of a deployment: graphs of the state of the data first, then of the work of executions.
 *
 * @param name `name` of the deployment, which the dashboard gets too
 */
export function addDashboard(scope: Construct, name: string, stateMachine: StateMachine): void {
  const sum = (...metrics: readonly Parameters<typeof ofDeployment>[1][]) =>
    metrics.map((metric) => ofDeployment(name, metric, Stats.SUM))
  const state = (title: string, metric: DatasetMetric) => graph(title, [ofAllDatasets(name, metric)], 8)
  const runs = [stateMachine.metricSucceeded(), stateMachine.metricFailed(), stateMachine.metricTimedOut()]
  new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    defaultInterval: Duration.days(7),
    widgets: [
      [
        state('Days outstanding', 'DaysOutstanding'),
        state('Hours since new data', 'HoursSinceNewData'),
        state('Volume against the weekday', 'VolumeRatio'),
      ],
      [
        graph('Hours since the tables were verified', [
          ofDeployment(name, 'HoursSinceVerified', Stats.MINIMUM, Duration.hours(1)),
        ]),
        graph('Runs', runs),
      ],
      [
        graph('Dataset-days', sum('DaysPublished', 'DaysFailed')),
        graph('Records', sum('RecordsProcessed', 'RecordsRejected')),
      ],
      [graph('Failed checks that only warn', sum('CheckWarnings'))],
      [
        graph('From attempt to publish', [
          ofDeployment(name, 'PublishSeconds', Stats.p(50)),
          ofDeployment(name, 'PublishSeconds', Stats.p(99)),
        ]),
        graph('Duration of runs', [stateMachine.metricTime()]),
      ],
    ],
  })
}

/**
 * Draws one line per dataset, found when the dashboard is shown: the template stays small with any number of datasets.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function ofAllDatasets(deployment: string, metric: DatasetMetric): IMetric {
  const schema = [METRIC_NAMESPACE, DEPLOYMENT_DIMENSION, DATASET_DIMENSION].join(',')
  const query = `{${schema}} MetricName="${metric}" ${DEPLOYMENT_DIMENSION}="${deployment}"`
  const label = `\${PROP('Dim.${DATASET_DIMENSION}')}`
  return new MathExpression({ expression: `SEARCH('${query}', 'Maximum')`, usingMetrics: {}, label })
}

function graph(title: string, left: IMetric[], width = 12): IWidget {
  return new GraphWidget({ title, left, width })
}
