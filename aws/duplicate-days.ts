import { DUPLICATES } from '../core/layout.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import { ENTRY, listDayEntries, readDayFacts, type EntryKind, type ListedDayEntry } from './day-entries.ts'
import type { Bucket } from './objects.ts'

/** Rows of a day that a check wants to be unique, and are not. */
export interface DuplicateFacts {
  /** A sentence for each check. */
  readonly told: readonly string[]
}

const DUPLICATE_ENTRY: EntryKind<DuplicateFacts> = {
  ...ENTRY,
  prefix: DUPLICATES,
  name: 'an entry of a day with duplicates',
  fields: { told: 'list' },
  remedy: 'Verify writes it anew when the day is published again.',
}

/** Lists the days with duplicates, of all tables or of one. Holds a line a day. */
export const listDuplicateDays = (data: Bucket, table?: string): Promise<ListedDayEntry[]> =>
  listDayEntries(data, DUPLICATES, table)

/** What is doubled in a day, or why that cannot be read; undefined for a day without duplicates. */
export const readDuplicateDay = (data: Bucket, day: DatasetDay) => readDayFacts(data, DUPLICATE_ENTRY, day)
