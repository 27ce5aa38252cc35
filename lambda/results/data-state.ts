import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import { listOutstandingDays } from '../../aws/outstanding-days.ts'
import { hoursSinceNewData, mergeFacts, volumeRatio, type DatedOutcome } from '../../core/dataset-facts.ts'
import type { DeployedDataset, Deployment } from '../../core/deployment.ts'
import type { DayfoldError } from '../../core/errors.ts'
import type { DatasetMetric } from '../../core/metrics.ts'
import { keepFacts } from '../ledger/dataset-facts.ts'

/** The state of a dataset's data, as metrics. */
export type DataState = Readonly<Partial<Record<DatasetMetric, number>>>

export interface DataStateContext {
  readonly data: Bucket
  readonly deployment: Deployment
  /** ISO time. */
  readonly now: string
  /** Hears the state of each deployed dataset. */
  readonly onState: (state: DataState, dataset: string) => void
  /** Hears of documents that cannot be read. */
  readonly onProblem?: ((problem: DayfoldError) => void) | undefined
}

/**
 * Tells the state of the data of every deployed dataset, those that the execution did not cover among them: an alarm
 * that waits for the end of a state hears of it from whatever execution comes next. Two requests a dataset and a listing.
 */
export async function tellDataState(
  outcomes: readonly DatedOutcome[],
  { data, deployment, now, onState, onProblem }: DataStateContext,
): Promise<void> {
  const outstanding = await listOutstandingDays(data)
  const stateOf = async (dataset: DeployedDataset): Promise<DataState> => {
    const own = outcomes.filter((outcome) => outcome.dataset === dataset.name)
    const kept = await keepFacts(data, dataset.name, (facts, time) => mergeFacts(facts, own, dataset, time), {
      now,
      onProblem,
    })
    const ratio = volumeRatio(kept.facts, dataset, kept.now)
    return {
      HoursSinceNewData: hoursSinceNewData(kept.facts, kept.now),
      DaysOutstanding: outstanding.filter((entry) => entry.dataset === dataset.name).length,
      ...(ratio !== undefined && { VolumeRatio: ratio }),
    }
  }
  const states = await inParallel(deployment.datasets, stateOf)
  for (const [index, { name }] of deployment.datasets.entries()) onState(states[index]!, name)
}
