import { headObject, type Bucket } from '../../aws/objects.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { AWAY, dayEntryKey } from '../../core/layout.ts'
import {
  listDayEntries,
  putDayEntry,
  removeDayEntry,
  type DayEntry,
  type ListedDayEntry,
} from '../../aws/day-entries.ts'

/**
 * Puts a day on the list `state/_away/`, because it is about to leave its ordinary folder or will have files to delete.
 * Call it before the manifest says so, so that no crash in between hides the day. Replaces an existing entry.
 */
export const putAwayEntry = (data: Bucket, day: DatasetDay): Promise<void> => putDayEntry(data, AWAY, day)

/**
 * Lists the days in `state/_away/`, in the order of their keys: days published outside their ordinary folder, or with
 * replaced files left to delete.
 *
 * @param table default: all tables
 */
export const listAwayDays = (data: Bucket, table?: string): Promise<ListedDayEntry[]> =>
  listDayEntries(data, AWAY, table)

/**
 * Finds a day's entry in `state/_away/`; undefined if it has none. Call it before you read the manifest that shows that
 * the day needs no entry: {@link removeAwayEntry} then keeps an entry that was written later.
 */
export async function findAwayEntry(
  data: Bucket,
  { dataset, date }: DatasetDay,
): Promise<DayEntry | undefined> {
  const key = dayEntryKey(AWAY, dataset, date)
  const head = await headObject(data, key)
  return head && { dataset, date, key, etag: head.etag }
}

/**
 * Removes an entry from `state/_away/`, unless it was written again since it was read, because the day has left its
 * ordinary folder once more.
 */
export const removeAwayEntry = removeDayEntry
