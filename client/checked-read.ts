import { setTimeout as sleep } from 'node:timers/promises'
import { DayfoldError } from '../core/errors.ts'
import { refuseGaps, type Allowed } from './gaps.ts'
import { movedDays, readRangeDays, type Range, type RangeDay } from './range-days.ts'
import type { Target } from './target.ts'

/** Deficient days that {@link readChecked} accepts, and limits of its retries. */
export interface CheckedReadOptions extends Allowed {
  /**
   * Maximum number of times that the range is read, if publishes keep changing its days.
   * @default 5
   */
  readonly attempts?: number
  /**
   * Pause before the second attempt; it doubles before each later one.
   * @default 1000
   */
  readonly pauseMilliseconds?: number
}

/** Result of a read, with the state of the days that it was read from. */
export interface CheckedRead<T> {
  readonly result: T
  /** Every day of the range, in the order of datasets, then days. */
  readonly days: readonly RangeDay[]
}

/**
 * Checks the days of a range, then reads them. Refuses days without complete rows (gaps) and mixed feature code unless
 * they are allowed. Reads again if a day was published meanwhile, so that `days` lists the generations that were read.
 *
 * @param read may be called several times
 * @param discard called with each result that is replaced by a new read, and with the last one before DaysMoved
 * @throws DayfoldError DaysMissing, MixedFeatureCode
 * @throws DayfoldError DaysMoved if days are published during each attempt
 */
export async function readChecked<T>(
  target: Target,
  range: Range,
  read: () => Promise<T>,
  discard: (result: T) => Promise<void>,
  options: CheckedReadOptions = {},
): Promise<CheckedRead<T>> {
  const { attempts = 5, pauseMilliseconds = 1000 } = options
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt >= attempts
    const days = await readRangeDays(target, range)
    // A publish takes a moment only.
    const isPublishing = days.some(({ state }) => state === 'publishing')
    if (!isPublishing || isLast) {
      refuseGaps(days, options)
      const result = await read()
      const moved = await movedDays(target, range, days)
      if (moved.length === 0) return { result, days }
      await discard(result)
      if (isLast) throw daysMoved(moved)
    }
    await sleep(pauseMilliseconds * 2 ** (attempt - 1))
  }
}

function daysMoved(days: readonly { readonly dataset: string; readonly date: string }[]): DayfoldError {
  const named = days.slice(0, 20).map(({ dataset, date }) => `${dataset} ${date}`)
  return new DayfoldError(
    'DaysMoved',
    `Days to load: expected the same generations before and after the query, found others of ${named.join(', ')}. ` +
      'They are being published: load again when that has ended.',
    { context: { days } },
  )
}
