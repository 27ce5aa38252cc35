import type { Bucket } from '../../aws/objects.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { REQUEUED } from '../../core/layout.ts'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DayOutcome } from '../../core/messages.ts'
import { listDayEntries, putDayEntry, removeDayEntry, type DayEntry } from '../../aws/day-entries.ts'

/**
 * Requeues a day whose publish is given up: the next execution works on it, whatever days it covers. Call it before the
 * intent ends, so that a crash between the two does not lose the day.
 */
export const requeueDay = (data: Bucket, day: DatasetDay): Promise<void> => putDayEntry(data, REQUEUED, day)

/** Lists the requeued days of all tables. */
export const listRequeued = (data: Bucket): Promise<DayEntry[]> => listDayEntries(data, REQUEUED)

/**
 * Removes the days that an execution has dealt with from the queue. A failed day is left to mode `failed` from then on.
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
