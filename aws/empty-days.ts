import { EMPTY } from '../core/layout.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { ENTRY, listDayEntries, putDayEntry, readDayFacts, type EntryKind } from './day-entries.ts'
import type { Day } from '../core/dates.ts'
import type { Bucket } from './objects.ts'

/**
 * Content of a day's entry in `state/_empty/`: when and why the day last had no raw files to read. Collect writes it;
 * loading features reads it, so that the day is no gap.
 */
export interface EmptyFacts {
  /** ISO time at which an execution last found the day empty. */
  readonly foundAt: string
  /** The reason in words. */
  readonly why: string
  /** ARN of the execution. */
  readonly execution: string
}

const EMPTY_ENTRY: EntryKind<EmptyFacts> = {
  ...ENTRY,
  prefix: EMPTY,
  name: 'an entry of an empty day',
  fields: { foundAt: 'string', why: 'string', execution: 'string' },
  remedy: 'The next execution that finds the day empty writes it anew.',
}

/**
 * Records that an execution found no raw files to read for a day, to tell the day from one that was never looked at.
 */
export const putEmptyDay = (data: Bucket, day: DatasetDay, facts: EmptyFacts): Promise<void> =>
  putDayEntry(data, EMPTY, day, facts)

/** Returns the days of a table that were ever found empty, even those published since. */
export async function listEmptyDays(data: Bucket, table: string): Promise<ReadonlySet<Day>> {
  return new Set((await listDayEntries(data, EMPTY, table)).map(({ date }) => date))
}

/**
 * Reads when and why a day was found empty: a CorruptState error if the entry cannot be read, undefined if the day
 * never was.
 */
export const readEmptyDay = (data: Bucket, day: DatasetDay) => readDayFacts(data, EMPTY_ENTRY, day)
