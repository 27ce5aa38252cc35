import {
  metricLine,
  type DatasetMetric,
  type DeploymentMetric,
  type MetricSubject,
  type MetricValues,
} from '../core/metrics.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import type { SweptDay } from './ledger/sweep.ts'

/** Writes one JSON line to the function's log: the message and further fields. */
export function log(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ message, ...facts }))
}

/**
 * Writes metrics to the function's log in the embedded metric format, from which CloudWatch reads them. A metric of a
 * dataset needs the dataset as its dimension; beside a metric of the deployment, `dataset` is only a field of the line.
 */
export interface CountMetrics {
  (values: Readonly<Partial<Record<DeploymentMetric, number>>>, dataset?: string): void
  (values: Readonly<Partial<Record<DatasetMetric, number>>>, dataset: string): void
}

/** Returns a function that writes metrics with the deployment's name as dimension. */
export function metricsOf({ DEPLOYMENT: deployment }: { readonly DEPLOYMENT: string }): CountMetrics {
  return (values: MetricValues, dataset?: MetricSubject['dataset']) =>
    console.log(metricLine({ deployment, dataset }, values, Date.now()))
}

/**
 * Logs what became of an operation (an intent) that a dead function had left announced in a day's manifest; nothing if
 * there was none.
 */
export function logSwept({ dataset, date, end, error }: SweptDay): void {
  if (end !== 'none') log('open intent', { dataset, date, end, error })
}

/** Returns a callback that logs a day whose publish was given up and counts it in the metric IntentsGivenUp. */
export function givenUpTo(countMetrics: CountMetrics): (day: DatasetDay) => void {
  return ({ dataset, date }) => {
    log('publish given up', { dataset, date })
    countMetrics({ IntentsGivenUp: 1 }, dataset)
  }
}
