import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import { listOutstandingDays } from '../../aws/outstanding-days.ts'
import { hoursSinceNewData, mergeFacts, volumeRatio, type DatedOutcome } from '../../core/dataset-facts.ts'
import type { DeployedDataset, Deployment } from '../../core/deployment.ts'
import type { DayfoldError } from '../../core/errors.ts'
import type { DatasetMetric } from '../../core/metrics.ts'
import { keepFacts } from '../ledger/dataset-facts.ts'

/** State of a dataset's data, as metrics. */
export type DataState = Readonly<Partial<Record<DatasetMetric, number>>>

/** Datasets, clock and callbacks of {@link tellDataState}. */
export interface DataStateContext {
  readonly data: Bucket
  readonly deployment: Deployment
  /** ISO time. */
  readonly now: string
  /** Called with the state of each deployed dataset. */
  readonly onState: (state: DataState, dataset: string) => void
  /** Called with documents that cannot be read. */
  readonly onProblem?: ((problem: DayfoldError) => void) | undefined
}

/**
 * Reports the state of every deployed dataset, even one that the execution did not cover: an alarm that waits for a
 * state to end hears of it from the next execution, whichever it is. Costs two requests per dataset and a listing.
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
