import type { Bucket } from '../../aws/objects.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { REQUEUED } from '../../core/layout.ts'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DayOutcome } from '../../core/messages.ts'
import {
  isWrittenAfter,
  listDayEntries,
  putDayEntry,
  removeDayEntry,
  type ListedDayEntry,
} from '../../aws/day-entries.ts'

/**
 * Puts a day whose publish is given up on the list `state/_again/`: the next execution works on it, whatever days it
 * covers. Call it before the intent ends, so that a crash in between does not lose the day.
 */
export const requeueDay = (data: Bucket, day: DatasetDay): Promise<void> => putDayEntry(data, REQUEUED, day)

/** Lists the days in `state/_again/`, in the order of their keys. */
export const listRequeued = (data: Bucket): Promise<ListedDayEntry[]> => listDayEntries(data, REQUEUED)

/** A day that an execution has worked on. */
interface UnqueuedDay extends Pick<DayOutcome, 'dataset' | 'date' | 'status'> {
  /** ISO time at which its child ended; undefined if the Map's results do not tell. */
  readonly endedAt?: string | undefined
}

/**
 * Removes from the list `state/_again/` the days that an execution has dealt with, as their status tells. A failed day
 * counts as dealt with: mode `failed` finds it. An entry stays if it was written after the work on its day ended.
 */
export async function unqueueDays(data: Bucket, days: readonly UnqueuedDay[]): Promise<void> {
  const dealtWith = new Map(
    days
      .filter(({ status }) => DAY_STATUSES[status].isDealtWith)
      .map((day) => [`${day.dataset}/${day.date}`, day]),
  )
  for (const entry of await listRequeued(data)) {
    const day = dealtWith.get(`${entry.dataset}/${entry.date}`)
    if (!day || isWrittenAfter(entry, day.endedAt)) continue
    await removeDayEntry(data, entry)
  }
}
