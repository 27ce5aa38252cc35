import { metricLine, type MetricValues } from '../core/metrics.ts'
import type { SweptDay } from './ledger/sweep.ts'

/** Writes a line of the function's log. */
export function log(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ message, ...facts }))
}

/** Counts metrics of a dataset. */
export function countMetrics(dataset: string, values: MetricValues): void {
  console.log(metricLine(dataset, values, Date.now()))
}

/** Tells what became of an intent that somebody had left open. */
export function logSwept({ dataset, date, end, error }: SweptDay): void {
  if (end === 'none') return
  log('open intent', { dataset, date, end, error })
  if (end === 'finished') countMetrics(dataset, { IntentsRolledForward: 1 })
  if (end === 'given-up') countMetrics(dataset, { IntentsGivenUp: 1 })
}
