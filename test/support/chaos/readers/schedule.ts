import type { Day } from '../../../../core/dates.ts'

/** Days that queries read. */
export const DATES: readonly Day[] = [2, 3, 4, 5, 6, 7].map((day) => `2024-01-0${day}`)

/** Two executions: one publishes days, the other comes when the grace is over, or before. */
export interface Round {
  readonly news: 'replaced' | 'extended'
  /** Days that have news. */
  readonly dates: readonly Day[]
  /** Records of each extension: one part, or two, which makes a replacement of it. */
  readonly records: number
  /** Whether the days are over, so that small parts are merged. */
  readonly isLater: boolean
  /** Whether the crawler is started by each of the executions. */
  readonly crawls: readonly [boolean, boolean]
  /** How many changes of state the functions of a day live to make, in each of the executions. */
  readonly deaths: readonly [ReadonlyMap<Day, number>, ReadonlyMap<Day, number>]
  /** Whether the second comes when the grace is over, not while queries go on that began before the first. */
  readonly isGraceOver: boolean
}

const DATES_PER_ROUND = 3
const NOBODY: ReadonlyMap<Day, number> = new Map()
/** About as many changes of state as the functions of a day make. */
const MOST_WRITES = 24

/** The rounds, of which every third extends days. */
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
