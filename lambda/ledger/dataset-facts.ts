import { readObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { decodeFacts, encodeFacts, type DatasetFacts } from '../../core/dataset-facts.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { factsKey } from '../../core/layout.ts'

/** Maximum number of attempts to write facts while other executions write theirs. */
const MAX_ROUNDS = 8

/** Facts of a dataset, from which its metrics are computed, after an execution's findings were merged into them. */
export interface KeptFacts {
  readonly facts: DatasetFacts
  /** ISO time of the merge, by S3's clock if facts were stored, else {@link KeepFactsOptions.now}. */
  readonly now: string
}

/** Clock and callback of {@link keepFacts}. */
export interface KeepFactsOptions {
  /** ISO time of the merge for a dataset without stored facts, whose age S3 could tell. */
  readonly now: string
  /** Called with the error of stored facts that cannot be read; they are replaced by new ones. */
  readonly onProblem?: ((problem: DayfoldError) => void) | undefined
}

/**
 * Merges an execution's findings into the stored facts of a dataset (`state/_facts/<dataset>.json`). The merge is
 * repeated when another execution writes at the same time. After 8 attempts the facts are returned unwritten; the next
 * execution finds the same.
 *
 * @param merge returns the new facts, from the stored ones and the time; the order of executions must not matter
 */
export async function keepFacts(
  data: Bucket,
  dataset: string,
  merge: (facts: DatasetFacts | undefined, now: string) => DatasetFacts | Promise<DatasetFacts>,
  { now: fallback, onProblem }: KeepFactsOptions,
): Promise<KeptFacts> {
  const key = factsKey(dataset)
  for (let round = 1; ; round++) {
    const stored = await readObject(data, key)
    const now = stored ? new Date(stored.answeredAt).toISOString() : fallback
    const known = stored && (await orCorrupt(() => decodeFacts(stored.body, key)))
    if (known instanceof DayfoldError) onProblem?.(known)
    const facts = await merge(known instanceof DayfoldError ? undefined : known, now)
    const bytes = encodeFacts(facts)
    if (stored && bytes.equals(stored.body)) return { facts, now }
    const written = await putObject(data, key, bytes, { onlyOver: stored?.etag ?? 'absent' })
    if (written !== undefined || round === MAX_ROUNDS) return { facts, now }
  }
}
