import {
  metricLine,
  type DatasetMetric,
  type DeploymentMetric,
  type MetricSubject,
  type MetricValues,
} from '../core/metrics.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import type { SweptDay } from './ledger/sweep.ts'

/** Writes a line of the function's log. */
export function log(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ message, ...facts }))
}

/** Tells metrics: those of a dataset need one; in others it is a field of the line only. */
export interface CountMetrics {
  (values: Readonly<Partial<Record<DeploymentMetric, number>>>, dataset?: string): void
  (values: Readonly<Partial<Record<DatasetMetric, number>>>, dataset: string): void
}

/** Tells metrics of the deployment that the environment names. */
export function metricsOf({ DEPLOYMENT: deployment }: { readonly DEPLOYMENT: string }): CountMetrics {
  return (values: MetricValues, dataset?: MetricSubject['dataset']) =>
    console.log(metricLine({ deployment, dataset }, values, Date.now()))
}

/** Tells what became of an intent that somebody had left open. */
export function logSwept({ dataset, date, end, error }: SweptDay): void {
  if (end !== 'none') log('open intent', { dataset, date, end, error })
}

/** Tells of days whose publish a function has to give up. */
export function givenUpTo(countMetrics: CountMetrics): (day: DatasetDay) => void {
  return ({ dataset, date }) => {
    log('publish given up', { dataset, date })
    countMetrics({ IntentsGivenUp: 1 }, dataset)
  }
}
