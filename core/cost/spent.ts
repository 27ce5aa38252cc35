import type { DeployedDataset } from '../deployment.ts'
import type { RunCost, Summary } from '../messages.ts'
import { costLines, sumUsage, total, type Spent, type Usage } from './cost-lines.ts'
import type { Prices } from './prices.ts'
import { aroundDays, checkedDay, workedDay } from './usage.ts'

/** How long a job took. */
export interface JobSeconds {
  readonly instanceType: string
  /** Billed. */
  readonly seconds: number
}

/** Parts of a bill that no single execution has. */
export const NOT_IN_IT = 'storage, logs, metrics and alarms, KMS, data transfer, queries of others'

/** What an execution has cost: its jobs as they were billed, the rest by what each dataset-day takes. */
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
 * What an execution has cost, by what it knows of itself: of the jobs of published days the time of the program, which
 * leaves out the start of the container, and of failed ones nothing.
 *
 * @param instanceType of the jobs of datasets that name none
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
