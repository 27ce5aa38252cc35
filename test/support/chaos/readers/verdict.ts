/** The verdict on the rows that a query saw of a day. */
export type Verdict = 'right' | 'mixed' | 'doubled' | 'lost'

/** Rows of a day. */
export type Rows = readonly string[]

/**
 * Judges the rows that a query saw of a day: they have to be the rows of exactly one generation that was shown while it
 * ran.
 *
 * @param shown rows that instantaneous queries would have seen while it ran
 * @param generations the rows of every generation
 */
export function judge(seen: Rows, shown: readonly Rows[], generations: readonly Rows[]): Verdict {
  const isGeneration = generations.some((rows) => isSame(rows, seen))
  if (isGeneration && shown.some((rows) => isSame(rows, seen))) return 'right'
  if (new Set(seen).size < seen.length) return 'doubled'
  const isPart = generations.some((rows) => seen.every((row) => rows.includes(row)))
  return isPart ? 'lost' : 'mixed'
}

function isSame(left: Rows, right: Rows): boolean {
  return left.length === right.length && textOf(left) === textOf(right)
}

const textOf = (rows: Rows) => rows.toSorted().join('\n')
