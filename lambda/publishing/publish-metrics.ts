import type { DeploymentMetric } from '../../core/metrics.ts'
import type { DayOutcome } from '../../core/messages.ts'

/**
 * Returns the metrics of a dataset-day that was just published. PublishSeconds is in seconds, all others are counts.
 */
export function publishMetrics({ processed, seconds, checks }: DayOutcome) {
  return {
    DaysPublished: 1,
    RecordsProcessed: processed?.records ?? 0,
    RecordsRejected: processed?.rejected ?? 0,
    CheckWarnings: checks?.failed ?? 0,
    PublishSeconds: seconds ?? 0,
  } satisfies Partial<Record<DeploymentMetric, number>>
}
