import type { Bucket } from '../../aws/objects.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { REQUEUED } from '../../core/layout.ts'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { listDayEntries, putDayEntry, removeDayEntry, type DayEntry } from '../../aws/day-entries.ts'

/**
 * Requeues a day whose publish was given up: it is worked on again, whatever days the next execution covers. Call it
 * before the intent goes, so that no death between the two loses the day.
 */
export const requeueDay = (data: Bucket, day: DatasetDay): Promise<void> => putDayEntry(data, REQUEUED, day)

/** Lists the days that have to be worked on again. */
export const listRequeued = (data: Bucket): Promise<DayEntry[]> => listDayEntries(data, REQUEUED)

/** Takes days off the queue that an execution has dealt with. A failed day is mode `failed`'s from then on. */
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
