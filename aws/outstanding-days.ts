import { OUTSTANDING } from '../core/layout.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import type { DayStatus } from '../core/day-status.ts'
import { ENTRY, listDayEntries, readDayFacts, type EntryKind, type ListedDayEntry } from './day-entries.ts'
import type { Bucket } from './objects.ts'

/**
 * Content of a day's entry in `state/_outstanding/`: why the day still needs somebody's attention. Collect writes it;
 * `status` reads it.
 */
export interface OutstandingFacts {
  /** ISO time since which the day is outstanding. */
  readonly since: string
  /** Outcome of the day in the last execution that looked at it. */
  readonly status: DayStatus
  /** ARN of the execution that wrote this. */
  readonly execution: string
  /** Name of the error. @default the status has none */
  readonly error?: string
  /** Message of the error. @default none */
  readonly cause?: string
}

const OUTSTANDING_ENTRY: EntryKind<OutstandingFacts> = {
  ...ENTRY,
  prefix: OUTSTANDING,
  name: 'an entry of an outstanding day',
  fields: { since: 'string', status: 'string', execution: 'string' },
  remedy: 'The next execution looks at the day, and writes it anew or removes it.',
}

/**
 * Lists the days that failed, are stuck or superseded, and have been neither published nor accepted since, of all
 * tables or of one. Holds one line per day.
 */
export const listOutstandingDays = (data: Bucket, table?: string): Promise<ListedDayEntry[]> =>
  listDayEntries(data, OUTSTANDING, table)

/**
 * Reads why a day is outstanding (failed, stuck or superseded): a CorruptState error if the entry cannot be read,
 * undefined if the day is not outstanding.
 */
export const readOutstandingDay = (data: Bucket, day: DatasetDay) =>
  readDayFacts(data, OUTSTANDING_ENTRY, day)
