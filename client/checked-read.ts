import { setTimeout as sleep } from 'node:timers/promises'
import { DayfoldError } from '../core/errors.ts'
import { refuseGaps, type Allowed } from './gaps.ts'
import { movedDays, readRangeDays, type Range, type RangeDay } from './range-days.ts'
import type { Target } from './target.ts'

export interface CheckedReadOptions extends Allowed {
  /**
   * How often the days are read again where some are published meanwhile.
   * @default 5
   */
  readonly attempts?: number
  /**
   * The first pause before that; it doubles.
   * @default 1000
   */
  readonly pauseMilliseconds?: number
}

/** What was read, and what of. */
export interface CheckedRead<T> {
  readonly result: T
  /** Every day of the range, in the order of datasets, then days. */
  readonly days: readonly RangeDay[]
}

/**
 * Reads a range of which every day is known: it is refused where days are gaps or of different feature code, unless that
 * is allowed, and read again where a day was published meanwhile, so that each day's generation is the one that was read.
 *
 * @param read may be called several times
 * @param discard what is done with a result that is read again
 * @throws DayfoldError DaysMissing, MixedFeatureCode
 * @throws DayfoldError DaysMoved when days are published during each attempt
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
    // What is being published is there in a moment.
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
