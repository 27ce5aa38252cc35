import type { DeployedDataset } from '../deployment.ts'
import type { RunCost, Summary } from '../messages.ts'
import { costLines, sumUsage, total, type Spent, type Usage } from './cost-lines.ts'
import type { Prices } from './prices.ts'
import { aroundDays, checkedDay, workedDay } from './usage.ts'

/** Instance type and billed time of one job. */
export interface JobSeconds {
  readonly instanceType: string
  /** Billed seconds. */
  readonly seconds: number
}

/**
 * Items that the cost of an execution leaves out, because they belong to no single execution. Shown beside the cost.
 */
export const NOT_IN_IT = 'storage, logs, metrics and alarms, KMS, data transfer, queries of others'

/**
 * Estimates the cost of an execution that has ended: its jobs by their billed time, the rest by typical use per
 * dataset-day.
 *
 * @param days outcomes from the execution's summary
 */
export function spent(jobs: readonly JobSeconds[], { days }: Pick<Summary, 'days'>, prices: Prices): Spent {
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

/**
 * Estimates the cost of an execution from the outcomes of its days alone, for its summary. Jobs of published days count
 * with the time of their program, without the start of the container; jobs of failed days count as nothing.
 *
 * @param instanceType for datasets that set none
 */
export function costInSummary(
  { days }: Pick<Summary, 'days'>,
  datasets: readonly Pick<DeployedDataset, 'name' | 'instanceType'>[],
  { instanceType, prices }: { readonly instanceType: string; readonly prices: Prices },
): RunCost {
  const typeOf = new Map(datasets.map((dataset) => [dataset.name, dataset.instanceType ?? instanceType]))
  const jobs = days.flatMap(({ dataset, programSeconds }) =>
    programSeconds === undefined
      ? []
      : [{ instanceType: typeOf.get(dataset) ?? instanceType, seconds: programSeconds }],
  )
  return { ...spent(jobs, { days }, prices), prices: { date: prices.date, region: prices.region } }
}

function byInstance(jobs: readonly JobSeconds[]): Record<string, number> {
  const seconds: Record<string, number> = {}
  for (const job of jobs) seconds[job.instanceType] = (seconds[job.instanceType] ?? 0) + job.seconds
  return seconds
}
