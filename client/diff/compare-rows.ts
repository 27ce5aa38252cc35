import { isDeepStrictEqual } from 'node:util'
import type { Day } from '../../core/dates.ts'
import type { Matching } from './match-rows.ts'

/** Maximum number of examples per column. */
const MAX_EXAMPLES = 3

/** One value of a row that differs between the published rows and those of the present code. */
export interface ChangedValue {
  readonly date: Day
  /** Identifies the row: the value of its key, or its number in the day, from 1. */
  readonly row: unknown
  /** Published value. */
  readonly before: unknown
  /** Value that the present code makes. */
  readonly after: unknown
}

/** Differences between the published rows of a sample and those of the present code, summed over its days. */
export interface RowChanges {
  /** Number of published rows for which the present code makes a row, too. */
  matched: number
  /** Number of matched rows with a value that differs. */
  changed: number
  /** Number of published rows without a match. */
  gone: number
  /** Number of new rows without a match. */
  added: number
  /** By column name: the number of rows whose value differs, and the first examples. */
  readonly columns: Map<string, { changed: number; readonly examples: ChangedValue[] }>
}

/** Returns changes that are all 0, to which {@link addChanges} adds. */
export const noChanges = (): RowChanges => ({ matched: 0, changed: 0, gone: 0, added: 0, columns: new Map() })

/**
 * Compares the matched rows of one day and adds their differences to `changes`, with at most three examples per column.
 *
 * @param names columns to compare
 */
export function addChanges(
  changes: RowChanges,
  date: Day,
  { by, pairs, gone, added }: Matching,
  names: readonly string[],
): void {
  changes.matched += pairs.length
  changes.gone += gone.length
  changes.added += added.length
  for (const [index, [before, after]] of pairs.entries()) {
    const changed = names.filter((name) => !isSame(before[name], after[name]))
    if (changed.length > 0) changes.changed++
    for (const name of changed) {
      const column = changes.columns.get(name) ?? { changed: 0, examples: [] }
      changes.columns.set(name, column)
      column.changed++
      const row = by.kind === 'key' ? before[by.column] : index + 1
      if (column.examples.length < MAX_EXAMPLES)
        column.examples.push({ date, row, before: before[name], after: after[name] })
    }
  }
}

const isSame = (before: unknown, after: unknown) =>
  before === after ||
  (typeof before === 'object' && isDeepStrictEqual(before, after)) ||
  (Number.isNaN(before) && Number.isNaN(after))
