import type { Day } from './dates.ts'

/** One dataset on one day: the unit of work. */
export interface DatasetDay {
  readonly dataset: string
  readonly date: Day
}
