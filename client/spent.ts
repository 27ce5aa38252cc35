import type { Summary } from '../core/messages.ts'
import { costLines, sumUsage, total, type CostLine, type Usage } from './cost.ts'
import type { JobTime } from './execution-jobs.ts'
import type { Prices } from './prices.ts'
import { aroundDays, checkedDay, workedDay } from './usage.ts'

/** What an execution has cost. */
export interface Spent {
  /** What is known of it. */
  readonly dollars: number
  readonly lines: readonly CostLine[]
}

/** Parts of a bill that no single execution has. */
export const NOT_IN_IT = 'storage, logs, metrics and alarms, KMS, data transfer, queries of others'

/** What an execution has cost: its jobs as they were billed, the rest by what each dataset-day takes. */
export function spent(jobs: readonly JobTime[], { days }: Pick<Summary, 'days'>, prices: Prices): Spent {
  const usages: Usage[] = days.map((day) => {
    if (!day.processed) return checkedDay(day.totals?.files ?? 0)
    const { processed, totals } = day
    return workedDay({ files: processed.files, listed: totals?.files ?? 0, instanceType: '', seconds: 0 })
  })
  const worked = new Set(days.flatMap(({ dataset, processed }) => (processed ? [dataset] : [])))
  const crawled = new Set(days.flatMap(({ dataset, newDay }) => (newDay ? [dataset] : [])))
  usages.push(aroundDays({ tables: worked.size, crawls: crawled.size }))
  const lines = costLines({ ...sumUsage(usages), jobSeconds: byInstance(jobs) }, prices)
  return { dollars: total(lines), lines }
}

function byInstance(jobs: readonly JobTime[]): Record<string, number> {
  const seconds: Record<string, number> = {}
  for (const job of jobs) seconds[job.instanceType] = (seconds[job.instanceType] ?? 0) + job.seconds
  return seconds
}
