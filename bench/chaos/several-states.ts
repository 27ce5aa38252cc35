import type { Day } from '../../core/dates.ts'
import { file, SCHEDULED, TODAY, YESTERDAY } from '../../test/support/chaos/scenario/days.ts'
import type { RawFile } from '../../test/support/chaos/world/raw-files.ts'
import type { Scenario } from '../../test/support/chaos/scenario/scenario.ts'

/** Characters of padding that make thirty orders larger than one part of an upload. */
const LONG = 200_000

/**
 * A past after which one dataset-day has to be extended, one merged, one rebuilt and one published for the first time.
 */
export const SEVERAL_STATES: Pick<Scenario, 'registry' | 'past' | 'pastInput' | 'news'> = {
  registry: 'index',
  pastInput: SCHEDULED,
  past: [
    [
      file('visits', YESTERDAY, 'a.jsonl', 30, 2),
      file('orders', TODAY, 'a.jsonl', 12, 1),
      file('orders', YESTERDAY, 'a.jsonl', 50, 2),
    ],
    [file('visits', YESTERDAY, 'b.jsonl', 25, 1)],
  ],
  news: [
    file('orders', TODAY, 'b.jsonl', 30, 3, LONG),
    file('orders', YESTERDAY, 'a.jsonl', 20, 1),
    file('visits', TODAY, 'a.jsonl', 60, 2),
  ],
}

/** Dataset-days that need work. */
export const PENDING: Readonly<
  Record<'extend' | 'rebuild' | 'consolidate' | 'first', readonly [RawFile['dataset'], Day]>
> = {
  extend: ['orders', TODAY],
  rebuild: ['orders', YESTERDAY],
  consolidate: ['visits', YESTERDAY],
  first: ['visits', TODAY],
}
