import { metricLine, type MetricValues } from '../core/metrics.ts'
import type { SweptDay } from './ledger/sweep.ts'

/** Writes a line of the function's log. */
export function log(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ message, ...facts }))
}

/** Counts metrics of a dataset or, without one, of the deployment as a whole. */
export type CountMetrics = (values: MetricValues, dataset?: string) => void

/** Counts metrics of the deployment that the environment names. */
export function metricsOf({ DEPLOYMENT: deployment }: { readonly DEPLOYMENT: string }): CountMetrics {
  return (values, dataset) => console.log(metricLine({ deployment, dataset }, values, Date.now()))
}

/** Tells what became of an intent that somebody had left open. */
export function logSwept({ dataset, date, end, error }: SweptDay, countMetrics: CountMetrics): void {
  if (end === 'none') return
  log('open intent', { dataset, date, end, error })
  if (end === 'finished') countMetrics({ IntentsRolledForward: 1 }, dataset)
  if (end === 'forgotten') countMetrics({ IntentsGivenUp: 1 }, dataset)
}
