import { headObject, type Bucket } from '../../aws/objects.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { AWAY, dayEntryKey } from '../../core/layout.ts'
import {
  listDayEntries,
  putDayEntry,
  removeDayEntry,
  type DayEntry,
  type ListedDayEntry,
} from '../../aws/day-entries.ts'

/**
 * Records that a day is about to leave its home or to retire files. Written under an intent, whose own entry stands for
 * the day until then.
 */
export const putAwayEntry = (data: Bucket, day: DatasetDay): Promise<void> => putDayEntry(data, AWAY, day)

/** Lists the days that are away or have retired files, of all tables or of one. */
export const listAwayDays = (data: Bucket, table?: string): Promise<ListedDayEntry[]> =>
  listDayEntries(data, AWAY, table)

/**
 * Finds the entry of a day; undefined if it has none. Call it before you read the manifest that says that the day needs
 * no entry: {@link removeAwayEntry} then keeps one that was written later.
 */
export async function findAwayEntry(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<DayEntry | undefined> {
  const key = dayEntryKey(AWAY, dataset, date)
  const head = await headObject(data, key)
  return head && { dataset, date, key, etag: head.etag }
}

/** Removes an entry that was found, unless the day has left its home again since. */
export const removeAwayEntry = removeDayEntry
