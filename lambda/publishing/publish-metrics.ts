import type { MetricValues } from '../../core/metrics.ts'
import type { DayOutcome } from '../../core/messages.ts'

/**
 * The metrics of a publish.
 *
 * @param isOver whether the day had ended: then what extends it came late
 */
export function publishMetrics(outcome: DayOutcome, isOver: boolean): MetricValues {
  const { kind, generation, totals, processed, seconds } = outcome
  const isLate = kind === 'extend' && isOver && (generation ?? 0) > 1
  return {
    DaysPublished: 1,
    LateDays: isLate ? 1 : 0,
    RecordsProcessed: processed?.records ?? 0,
    RecordsRejected: processed?.rejected ?? 0,
    RowsPublished: totals?.rows ?? 0,
    BytesPublished: totals?.bytes ?? 0,
    PublishSeconds: seconds ?? 0,
  }
}
