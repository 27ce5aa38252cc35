import { readObject, type Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { decodeFacts, encodeFacts, type DatasetFacts } from '../../core/dataset-facts.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { factsKey } from '../../core/layout.ts'

/** How often facts are merged again after another execution has written its own. */
const MAX_ROUNDS = 8

/** Facts as they stand now. */
export interface KeptFacts {
  readonly facts: DatasetFacts
  /** ISO time, by S3's clock where it was asked. */
  readonly now: string
}

export interface KeepFactsOptions {
  /** ISO time that counts where there are no facts yet that S3 could tell the age of. */
  readonly now: string
  /** Hears of facts that cannot be read: they begin anew. */
  readonly onProblem?: ((problem: DayfoldError) => void) | undefined
}

/**
 * Merges what an execution has found into a dataset's facts. Another execution that writes at the same time loses
 * nothing; after some rounds it does without writing, and the next execution tells the same.
 *
 * @param merge gives the facts that are to stand, from those that do and the time; the order of executions must not matter
 */
export async function keepFacts(
  data: Bucket,
  dataset: string,
  merge: (facts: DatasetFacts | undefined, now: string) => DatasetFacts,
  { now: fallback, onProblem }: KeepFactsOptions,
): Promise<KeptFacts> {
  const key = factsKey(dataset)
  for (let round = 1; ; round++) {
    const stored = await readObject(data, key)
    const now = stored ? new Date(stored.answeredAt).toISOString() : fallback
    const known = stored && (await orCorrupt(() => decodeFacts(stored.body, key)))
    if (known instanceof DayfoldError) onProblem?.(known)
    const facts = merge(known instanceof DayfoldError ? undefined : known, now)
    const bytes = encodeFacts(facts)
    if (stored && bytes.equals(stored.body)) return { facts, now }
    const written = await putObject(data, key, bytes, { onlyOver: stored?.etag ?? 'absent' })
    if (written !== undefined || round === MAX_ROUNDS) return { facts, now }
  }
}
