import type { ExecutionRef, Summary } from '../core/messages.ts'
import { estimate, type Estimate } from './estimate.ts'
import { jobsOf, lastInstance } from './execution-jobs.ts'
import { takenTimes } from './history.ts'
import type { Prices } from '../core/cost/prices.ts'
import type { Spent } from '../core/cost/cost-lines.ts'
import { spent } from '../core/cost/spent.ts'
import type { Target } from './target.ts'

/** Prices and concurrency of a run to be estimated, and whether it is on this machine. */
export interface EstimateRunOptions {
  readonly prices: Prices
  /** Maximum number of dataset-days at once. */
  readonly atOnce: number
  /** True if the run is on this machine, whose times say nothing about an account's bill. */
  readonly isLocal: boolean
}

/**
 * Estimates time and cost of the days that a dry run has planned, from the times of earlier days. Costs a GET per
 * earlier execution.
 */
export async function estimateRun(
  target: Target,
  { days }: Summary,
  { prices, atOnce, isLocal }: EstimateRunOptions,
): Promise<Estimate> {
  const datasets = [...new Set(days.flatMap(({ dataset, toRead }) => (toRead ? [dataset] : [])))]
  const instances = new Map<string, string>()
  for (const dataset of datasets) {
    const instance = await lastInstance(target.clients.sagemaker, target.name, dataset)
    if (instance !== undefined) instances.set(dataset, instance)
  }
  const history = await takenTimes(target)
  const measured = estimate(days, { prices, atOnce, instances, history })
  if (!isLocal || history.length === 0) return measured
  const inAccount = estimate(days, { prices, atOnce, instances, history: [] })
  const assumptions = [
    ...inAccount.assumptions,
    'The dollars are those of an account, the time that of this machine.',
  ]
  return { ...inAccount, minutes: measured.minutes, assumptions }
}

/**
 * Computes the cost of an execution that has ended, from the billed time of its jobs.
 *
 * @param since start of the execution
 */
export async function spentBy(
  target: Target,
  execution: ExecutionRef,
  { summary, prices, since, now }: { summary: Summary; prices: Prices; since: Date; now: Date },
): Promise<Spent> {
  const jobs = await jobsOf(target.clients.sagemaker, execution, { deployment: target.name, since, now })
  return spent(jobs, summary, prices)
}
