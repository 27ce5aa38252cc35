import {
  metricLine,
  type DatasetMetric,
  type DeploymentMetric,
  type MetricSubject,
  type MetricValues,
} from '../core/metrics.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import type { SweptDay } from './ledger/sweep.ts'

/** Writes one JSON line to the function's log. */
export function log(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ message, ...facts }))
}

/**
 * Writes metrics to the log, in the embedded metric format. A metric of a dataset needs one as its dimension; for a
 * metric of the deployment, `dataset` is just a field of the line.
 */
export interface CountMetrics {
  (values: Readonly<Partial<Record<DeploymentMetric, number>>>, dataset?: string): void
  (values: Readonly<Partial<Record<DatasetMetric, number>>>, dataset: string): void
}

/** Returns a writer of metrics under the deployment's name. */
export function metricsOf({ DEPLOYMENT: deployment }: { readonly DEPLOYMENT: string }): CountMetrics {
  return (values: MetricValues, dataset?: MetricSubject['dataset']) =>
    console.log(metricLine({ deployment, dataset }, values, Date.now()))
}

/** Logs what became of an intent that somebody had left open. */
export function logSwept({ dataset, date, end, error }: SweptDay): void {
  if (end !== 'none') log('open intent', { dataset, date, end, error })
}

/** Returns a callback that logs and counts a day whose publish is given up. */
export function givenUpTo(countMetrics: CountMetrics): (day: DatasetDay) => void {
  return ({ dataset, date }) => {
    log('publish given up', { dataset, date })
    countMetrics({ IntentsGivenUp: 1 }, dataset)
  }
}
