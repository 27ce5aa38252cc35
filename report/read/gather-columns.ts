import type { DayProfile } from '../../core/drift.ts'
import type { ColumnProfile } from '../../core/profile.ts'
import type { ColumnHistory, ColumnPoint } from '../run-report.ts'
import { asNumber } from '../value-number.ts'

/** Maximum number of columns on a page: each takes up to 3 KB of it. */
export const MAX_COLUMNS = 180

/** Collects the profiles of one dataset's columns, day by day, for the plots. */
export interface GatheredColumns {
  /** Adds the next day. A column whose type differs from that of the day before loses its earlier days. */
  readonly add: (day: DayProfile) => void
  /**
   * Returns the columns that the last added day has, with their numbers of all days, and how many columns that day has
   * beyond the limit.
   */
  readonly told: () => { readonly columns: readonly ColumnHistory[]; readonly columnsLeft: number }
}

/**
 * Starts to collect the columns of one dataset. Holds a few numbers per column and day.
 *
 * @param limit maximum number of columns; the first in the order of the table are kept
 */
export function gatherColumns(dataset: string, limit: number): GatheredColumns {
  const histories = new Map<string, { points: ColumnPoint[]; last: ColumnProfile }>()
  let [lastDate, left] = ['', 0]
  return {
    add: ({ date, profile }) => {
      const all = Object.entries(profile.columns)
      ;[lastDate, left] = [date, Math.max(0, all.length - limit)]
      for (const [name, last] of all.slice(0, limit)) {
        const known = histories.get(name)
        const points = known?.last.type === last.type ? known.points : []
        points.push(pointOf(date, profile.rows, last))
        histories.set(name, { points, last })
      }
    },
    told: () => {
      const isThere = ({ points }: { points: ColumnPoint[] }) => points.at(-1)?.date === lastDate
      const found = [...histories].filter(([, history]) => isThere(history))
      return { columns: found.map(([name, history]) => ({ dataset, name, ...history })), columnsLeft: left }
    },
  }
}

function pointOf(
  date: string,
  rows: number,
  { nulls, distinct, mean, quantiles, type }: ColumnProfile,
): ColumnPoint {
  const at = (share: number) => {
    const value = quantiles?.find(([other]) => other === share)?.[1]
    return value === undefined ? NaN : asNumber(value, type)
  }
  const spread = [at(0.1), at(0.5), at(0.9)] as const
  return {
    date,
    rows,
    nulls,
    distinct,
    ...(mean !== undefined && { mean }),
    ...(spread.every(Number.isFinite) && { spread }),
  }
}
