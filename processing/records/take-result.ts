import type { SegmentCounts } from '../read/shard.ts'
import type { RawRow, RowCheck } from './check-row.ts'
import { IN_OUTLINE, type Wording } from './check-value.ts'
import { extractError, invalidRow, type Problem } from './problems.ts'

/**
 * Takes the result of feature code for a record: a row, rows, or null. Counts the record as kept or dropped, or returns
 * the problem that rejects it and counts nothing.
 */
export type TakeResult = (result: unknown, counts: SegmentCounts) => Problem | undefined

/** Makes a function that checks results and emits their rows. One bad row rejects all rows of its record. */
export function resultTaker(check: RowCheck, onRow: (row: RawRow) => void): TakeResult {
  return (result, counts) => {
    if (result === null || (Array.isArray(result) && result.length === 0)) {
      counts.dropped++
      return undefined
    }
    let problem: string | undefined
    try {
      problem = Array.isArray(result) ? checkRows(result) : check(result)
    } catch (error) {
      // Thrown by a getter of the row.
      return extractError(error)
    }
    if (problem !== undefined) return problemOf(problem, result)
    counts.kept++
    if (Array.isArray(result)) for (const row of result) onRow(row as RawRow)
    else onRow(result as RawRow)
    return undefined
  }

  function problemOf(problem: string, result: unknown): Problem {
    if (result instanceof Promise) return promised(result)
    const outline = () =>
      (Array.isArray(result) ? checkRows(result, IN_OUTLINE) : check(result, IN_OUTLINE)) ?? ''
    return invalidRow(problem, outline)
  }

  function checkRows(rows: readonly unknown[], wording?: Wording): string | undefined {
    for (let index = 0; index < rows.length; index++) {
      const problem = check(rows[index], wording)
      if (problem !== undefined) return `row ${index}: ${problem}`
    }
    return undefined
  }
}

const PROMISED =
  'expected a row, found a Promise: what is awaited belongs into extractBatch, which may be async as a whole'

function promised(result: Promise<unknown>): Problem {
  // An unhandled rejection would end the worker, although the record is rejected already.
  result.catch(() => {})
  return invalidRow(PROMISED, () => PROMISED)
}
