import { inParallel } from '../../aws/in-parallel.ts'
import type { Bucket } from '../../aws/objects.ts'
import { UNVERIFIED } from '../../core/layout.ts'
import type { Published } from '../../core/manifest.ts'
import { listDayEntries, putDayEntry, readDayEntry, removeDayEntry, type DayEntry } from './day-entries.ts'

/** A published generation that has not been counted yet. */
export interface UnverifiedDay extends DayEntry {
  readonly generation: number
}

/** Says that a generation, which is about to be published, is not counted yet. */
export async function putUnverified(data: Bucket, published: Published): Promise<void> {
  const { generation, nonce } = published
  await putDayEntry(data, UNVERIFIED, published, { generation }, nonce)
}

/** Lists the generations that have not been counted yet. Holds one line a day. */
export async function listUnverified(data: Bucket): Promise<UnverifiedDay[]> {
  const entries = await listDayEntries(data, UNVERIFIED)
  const days = await inParallel(entries, async (entry) => {
    const read = await readDayEntry<{ generation: number }>(data, UNVERIFIED, entry)
    return read ? [{ ...entry, etag: read.etag, generation: read.facts.generation }] : []
  })
  return days.flat()
}

/** Takes a counted day off the list, unless it has been published again since. */
export const markVerified = removeDayEntry
