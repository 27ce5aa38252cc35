import { identityOf, isCounted, type Check, type CountedCheck } from '../../core/checks.ts'
import type { Counted } from '../../core/sketches/day-sketch.ts'

/** Counts, row by row, the values that fail a dataset's `oneOf` and `matches` checks. */
export interface CheckCounter {
  /** Counts the values of a row. The row must have passed the check of its columns. */
  readonly add: (row: Readonly<Record<string, unknown>>) => void
  /** Returns the counts since the last call, one per check, and resets them. */
  readonly take: () => Counted[]
}

/** Makes a counter for the checks that need one; undefined if none does, so that no time is spent on it. */
export function checkCounter(checks: readonly Check[]): CheckCounter | undefined {
  const counters = checks.filter(isCounted).map(counterOf)
  if (counters.length === 0) return undefined
  return {
    add: (row) => {
      for (const counter of counters) counter.add(row)
    },
    take: () => counters.map((counter) => counter.take()),
  }
}

function counterOf(check: CountedCheck) {
  const { column } = check
  const [id, passes] = [identityOf(check), testOf(check)]
  let [values, failed] = [0, 0]
  return {
    add: (row: Readonly<Record<string, unknown>>) => {
      const value = row[column]
      if (value === null) return
      values++
      if (!passes(value)) failed++
    },
    take: (): Counted => {
      const counted = { id, values, failed }
      values = failed = 0
      return counted
    },
  }
}

function testOf(check: CountedCheck): (value: unknown) => boolean {
  if (check.check === 'matches') {
    const pattern = new RegExp(check.pattern, 'u')
    return (value) => pattern.test(value as string)
  }
  const allowed = new Set<unknown>(check.values)
  return (value) => allowed.has(typeof value === 'bigint' ? Number(value) : value)
}
