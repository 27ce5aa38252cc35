import { DUPLICATES } from '../core/layout.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import { ENTRY, listDayEntries, readDayFacts, type EntryKind, type ListedDayEntry } from './day-entries.ts'
import type { Bucket } from './objects.ts'

/**
 * Content of a day's entry in `state/_duplicates/`: the rows that a check wants to be unique and are not. Verify writes
 * it; `status` reads it.
 */
export interface DuplicateFacts {
  /** One sentence per check. */
  readonly told: readonly string[]
}

const DUPLICATE_ENTRY: EntryKind<DuplicateFacts> = {
  ...ENTRY,
  prefix: DUPLICATES,
  name: 'an entry of a day with duplicates',
  fields: { told: 'list' },
  remedy: 'Verify writes it anew when the day is published again.',
}

/** Lists the days with duplicates, of all tables or of one. Holds one line per day. */
export const listDuplicateDays = (data: Bucket, table?: string): Promise<ListedDayEntry[]> =>
  listDayEntries(data, DUPLICATES, table)

/**
 * Reads which rows of a day are duplicates: a CorruptState error where the entry cannot be read, undefined for a day
 * without duplicates.
 */
export const readDuplicateDay = (data: Bucket, day: DatasetDay) => readDayFacts(data, DUPLICATE_ENTRY, day)
