/** The spread of a set of numbers. */
export interface Spread {
  readonly count: number
  readonly min: number
  readonly median: number
  readonly p90: number
  readonly max: number
}

/** Returns the spread of numbers; all 0 if there are none. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return { count: sorted.length, min: at(0), median: at(0.5), p90: at(0.9), max: at(1) }
}
