import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import { listOutstandingDays } from '../../aws/outstanding-days.ts'
import {
  hoursSinceNewData,
  mergeFacts,
  volumeRatio,
  type DatasetFacts,
  type DatedOutcome,
} from '../../core/dataset-facts.ts'
import type { DeployedDataset, Deployment } from '../../core/deployment.ts'
import type { DayfoldError } from '../../core/errors.ts'
import type { DatasetMetric } from '../../core/metrics.ts'
import { keepFacts } from '../ledger/dataset-facts.ts'
import { withMissed } from './missed-publishes.ts'

/**
 * Metrics of a dataset that describe the state of its data, not the work of an execution. A metric without a value is
 * absent.
 */
export type DataState = Readonly<Partial<Record<DatasetMetric, number>>>

/** Datasets, clock and callbacks of {@link tellDataState}. */
export interface DataStateContext {
  readonly data: Bucket
  readonly deployment: Deployment
  /** ISO time, used for datasets without stored facts. */
  readonly now: string
  /** Called once per deployed dataset, in the order of the deployment. */
  readonly onState: (state: DataState, dataset: string) => void
  /** Called with the error of stored facts that cannot be read, which are replaced, and of manifests. */
  readonly onProblem?: ((problem: DayfoldError) => void) | undefined
}

/**
 * Computes the state metrics of every deployed dataset, even of one that the execution did not cover: so any execution
 * can end an alarm. Costs two requests per dataset, one per day whose publish no execution has told of, and a listing of
 * outstanding days.
 *
 * @param outcomes of all days of the execution
 */
export async function tellDataState(
  outcomes: readonly DatedOutcome[],
  { data, deployment, now, onState, onProblem }: DataStateContext,
): Promise<void> {
  const outstanding = await listOutstandingDays(data)
  const stateOf = async (dataset: DeployedDataset): Promise<DataState> => {
    const own = outcomes.filter((outcome) => outcome.dataset === dataset.name)
    const merge = async (facts: DatasetFacts | undefined, time: string) => {
      const told = await withMissed(own, { data, facts, dataset, now: time, onProblem })
      return mergeFacts(facts, told, dataset, time)
    }
    const kept = await keepFacts(data, dataset.name, merge, { now, onProblem })
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
