import type { Day } from '../../../../core/dates.ts'

/** Days that queries read. */
export const DATES: readonly Day[] = [2, 3, 4, 5, 6, 7].map((day) => `2024-01-0${day}`)

/** Two executions: the first publishes days, the second runs before or after the grace is over. */
export interface Round {
  readonly news: 'replaced' | 'extended'
  /** Days with new raw files. */
  readonly dates: readonly Day[]
  /** Records per extension: enough for one part, or for two, which makes it a replacement. */
  readonly records: number
  /** True if the days are over, so that small parts are merged. */
  readonly isLater: boolean
  /** True for each of the two executions that starts the crawler. */
  readonly crawls: readonly [boolean, boolean]
  /** Number of changes of state after which the functions of a day die, for each of the executions. */
  readonly deaths: readonly [ReadonlyMap<Day, number>, ReadonlyMap<Day, number>]
  /**
   * True if the second execution runs after the grace is over; otherwise queries that began before the first still run.
   */
  readonly isGraceOver: boolean
}

const DATES_PER_ROUND = 3
const NOBODY: ReadonlyMap<Day, number> = new Map()
/** About the number of changes of state that the functions of a day make. */
const MOST_WRITES = 24

/** Makes the rounds; every third extends days. */
export function roundsOf(count: number, below: (limit: number) => number): Round[] {
  return Array.from({ length: count }, (_, index) => {
    const dates = Array.from({ length: DATES_PER_ROUND }, (_, at) => DATES[(2 * index + at) % DATES.length]!)
    const death = () => new Map([[dates[below(DATES_PER_ROUND)]!, 1 + below(MOST_WRITES)]])
    return {
      news: index % 3 === 2 ? 'extended' : 'replaced',
      dates,
      records: index % 6 === 2 ? 6 : 12,
      isLater: index % 6 === 4,
      crawls: [index % 6 === 5, index % 3 === 1],
      deaths: [index % 3 === 1 ? death() : NOBODY, index % 2 === 1 ? death() : NOBODY],
      isGraceOver: index % 2 === 1,
    }
  })
}
