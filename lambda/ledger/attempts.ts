import type { DatasetDay } from '../../core/dataset-day.ts'
import { attemptKey } from '../../core/layout.ts'
import { encodeAttempt, type Attempt } from '../../core/attempt.ts'
import { headManifest, readAttempt, type StoredAttempt } from '../../aws/day-state.ts'
import type { Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { publishedOf } from './manifest-store.ts'

/**
 * Writes a day's `attempt.json` if it is still the one that was read. Returns false if another writer was first.
 *
 * @param over the attempt that was read and is replaced; undefined if there was none
 */
export async function claimDay(
  data: Bucket,
  day: DatasetDay,
  attempt: Attempt,
  over: StoredAttempt | undefined,
): Promise<boolean> {
  const key = attemptKey(day.dataset, day.date)
  const etag = await putObject(data, key, encodeAttempt(attempt), { onlyOver: over?.etag ?? 'absent' })
  if (etag !== undefined) return true
  // It was our own write if only the answer got lost.
  return (await readAttempt(data, day))?.attempt.token === attempt.token
}

/**
 * True if an attempt was not published and started after the published generation: if its execution is over, it has
 * failed.
 *
 * @param published token and ISO time of the published generation, if any
 */
export function isUnfinished(
  attempt: Attempt,
  published: { readonly attempt: string; readonly publishedAt: string } | undefined,
): boolean {
  if (!published) return true
  return attempt.token !== published.attempt && attempt.startedAt > published.publishedAt
}

/**
 * Reads the newest attempt at a day. Returns undefined if there is none, or if it or a later generation is published.
 */
export async function unfinishedAttempt(data: Bucket, day: DatasetDay): Promise<StoredAttempt | undefined> {
  const stored = await readAttempt(data, day)
  if (!stored) return undefined
  return isUnfinished(stored.attempt, publishedOf(await headManifest(data, day))) ? stored : undefined
}
