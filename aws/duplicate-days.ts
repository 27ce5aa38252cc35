import { DUPLICATES } from '../core/layout.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { ENTRY, listDayEntries, readDayFacts, type EntryKind, type ListedDayEntry } from './day-entries.ts'
import type { Bucket } from './objects.ts'

/**
 * Content of a day's entry in `state/_duplicates/`: which rows violate a `unique` check. Verify writes it; `status`
 * reads it.
 */
export interface DuplicateFacts {
  /** Descriptions of the duplicate rows, one sentence per check. */
  readonly told: readonly string[]
}

const DUPLICATE_ENTRY: EntryKind<DuplicateFacts> = {
  ...ENTRY,
  prefix: DUPLICATES,
  name: 'an entry of a day with duplicates',
  fields: { told: 'list' },
  remedy: 'Verify writes it anew when the day is published again.',
}

/**
 * Lists the days with rows that violate a `unique` check, of all tables or of one. Holds one line per day in memory.
 */
export const listDuplicateDays = (data: Bucket, table?: string): Promise<ListedDayEntry[]> =>
  listDayEntries(data, DUPLICATES, table)

/**
 * Reads which rows of a day violate a `unique` check: a CorruptState error if the entry cannot be read, undefined if
 * there are no such rows.
 */
export const readDuplicateDay = (data: Bucket, day: DatasetDay) => readDayFacts(data, DUPLICATE_ENTRY, day)
