import { findManifest } from '../../aws/day-state.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import {
  isMissed,
  type DatasetFacts,
  type DatedOutcome,
  type WatchedDataset,
} from '../../core/dataset-facts.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'

/** Number of manifests in memory at once. */
const READ_AT_ONCE = 4

/** Known facts of a dataset, and where the others are to be found. */
export interface MissedOptions {
  readonly data: Bucket
  readonly facts: DatasetFacts | undefined
  readonly dataset: WatchedDataset
  /** ISO time. */
  readonly now: string
  /** Called with the error of each manifest that cannot be read. */
  readonly onProblem?: ((problem: DayfoldError) => void) | undefined
}

/**
 * Completes the outcomes of days whose publish no execution has told of, because it ended before Collect or the sweep
 * of a later one finished it: a day that is found unchanged does not say what it holds. Reads the manifests of such days
 * only, at most one for each of the kept days.
 *
 * @param outcomes of one dataset's days
 */
export async function withMissed(
  outcomes: readonly DatedOutcome[],
  { data, facts, dataset, now, onProblem }: MissedOptions,
): Promise<DatedOutcome[]> {
  const complete = async (outcome: DatedOutcome): Promise<DatedOutcome> => {
    if (!isMissed(outcome, facts, dataset, now)) return outcome
    const manifest = await orCorrupt(() => findManifest(data, outcome))
    if (manifest instanceof DayfoldError) onProblem?.(manifest)
    if (!manifest || manifest instanceof DayfoldError || !manifest.published) return outcome
    const { generation, totals, newDataAt, publishedAt } = manifest.published
    return { ...outcome, generation, totals, at: publishedAt, ...(newDataAt !== undefined && { newDataAt }) }
  }
  return await inParallel(outcomes, complete, READ_AT_ONCE)
}
