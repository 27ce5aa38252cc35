import { isDeepStrictEqual } from 'node:util'
import type { Day } from '../../core/dates.ts'
import type { Matching } from './match-rows.ts'

/** Most examples per column. */
const MAX_EXAMPLES = 3

/** A value that differs. */
export interface ChangedValue {
  readonly date: Day
  /** Identifies the row: the value of its key, or its number in the day, from 1. */
  readonly row: unknown
  readonly before: unknown
  readonly after: unknown
}

/** Differences between the rows of a sample; counts cover all of its days. */
export interface RowChanges {
  /** Number of matched rows; `changed` of them have a value that differs. */
  matched: number
  changed: number
  /** Number of published rows without a match; `added` counts the new rows without one. */
  gone: number
  added: number
  /** By column name: the number of rows whose value differs, and the first examples. */
  readonly columns: Map<string, { changed: number; readonly examples: ChangedValue[] }>
}

/** Returns the changes of an empty sample. */
export const noChanges = (): RowChanges => ({ matched: 0, changed: 0, gone: 0, added: 0, columns: new Map() })

/**
 * Adds the differences of one day's rows to `changes`.
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
