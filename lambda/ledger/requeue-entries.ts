import type { Bucket } from '../../aws/objects.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { REQUEUED } from '../../core/layout.ts'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { listDayEntries, putDayEntry, removeDayEntry, type DayEntry } from '../../aws/day-entries.ts'

/**
 * Puts a day whose publish is given up on the list `state/_again/`: the next execution works on it, whatever days it
 * covers. Call it before the intent ends, so that a crash in between does not lose the day.
 */
export const requeueDay = (data: Bucket, day: DatasetDay): Promise<void> => putDayEntry(data, REQUEUED, day)

/** Lists the days in `state/_again/`, in the order of their keys. */
export const listRequeued = (data: Bucket): Promise<DayEntry[]> => listDayEntries(data, REQUEUED)

/**
 * Removes from the list `state/_again/` the days that an execution has dealt with, as their status tells. A failed day
 * counts as dealt with: mode `failed` finds it.
 */
export async function unqueueDays(data: Bucket, days: readonly DayOutcome[]): Promise<void> {
  const dealtWith = new Set(
    days
      .filter(({ status }) => DAY_STATUSES[status].isDealtWith)
      .map(({ dataset, date }) => `${dataset}/${date}`),
  )
  for (const entry of await listRequeued(data)) {
    if (dealtWith.has(`${entry.dataset}/${entry.date}`)) await removeDayEntry(data, entry)
  }
}
