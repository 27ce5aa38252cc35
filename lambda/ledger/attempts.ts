import type { DatasetDay } from '../../core/execution-input.ts'
import { attemptKey } from '../../core/layout.ts'
import { encodeAttempt, type Attempt } from '../../core/attempt.ts'
import { headManifest, readAttempt, type StoredAttempt } from '../../aws/day-state.ts'
import type { Bucket } from '../../aws/objects.ts'
import { putObject } from '../../aws/write-objects.ts'
import { publishedOf } from './manifest-store.ts'

/** Writes an attempt over the one that was read. False where another writer was first. */
export async function claimDay(
  data: Bucket,
  day: DatasetDay,
  attempt: Attempt,
  over: StoredAttempt | undefined,
): Promise<boolean> {
  const key = attemptKey(day.dataset, day.date)
  const etag = await putObject(data, key, encodeAttempt(attempt), { onlyOver: over?.etag ?? 'absent' })
  if (etag !== undefined) return true
  // Its own write, when only the answer got lost.
  return (await readAttempt(data, day))?.attempt.token === attempt.token
}

/**
 * True for an attempt that is not published and not older than what is: if its execution is over, it has failed.
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

/** The newest attempt at a day, if it is unfinished. See {@link isUnfinished}. */
export async function unfinishedAttempt(data: Bucket, day: DatasetDay): Promise<StoredAttempt | undefined> {
  const stored = await readAttempt(data, day)
  if (!stored) return undefined
  return isUnfinished(stored.attempt, publishedOf(await headManifest(data, day))) ? stored : undefined
}
