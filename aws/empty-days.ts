import { EMPTY } from '../core/layout.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import { ENTRY, listDayEntries, putDayEntry, readDayFacts, type EntryKind } from './day-entries.ts'
import type { Day } from '../core/dates.ts'
import type { Bucket } from './objects.ts'

/** How a day was found empty. */
export interface EmptyFacts {
  /** ISO time at which an execution found so last. */
  readonly foundAt: string
  /** In words. */
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

/** Says of a day that there was nothing to read, so that it is not taken for one that was never looked at. */
export const putEmptyDay = (data: Bucket, day: DatasetDay, facts: EmptyFacts): Promise<void> =>
  putDayEntry(data, EMPTY, day, facts)

/** Lists the days of a table that were ever found empty; those that were published since among them. */
export async function listEmptyDays(data: Bucket, table: string): Promise<ReadonlySet<Day>> {
  return new Set((await listDayEntries(data, EMPTY, table)).map(({ date }) => date))
}

/** How a day was found empty, or why that cannot be read; undefined where it was not. */
export const readEmptyDay = (data: Bucket, day: DatasetDay) => readDayFacts(data, EMPTY_ENTRY, day)
