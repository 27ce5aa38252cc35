/** A row as it comes out of Parquet. */
export type FeatureRow = Readonly<Record<string, unknown>>

/** What tells which rows are the same row. */
export type MatchedBy =
  | { readonly kind: 'key'; readonly column: string }
  /** Row by row, in the order of the raw files. */
  | { readonly kind: 'order' }
  | { readonly kind: 'nothing' }

/** Rows of the same records, before and after a change of code. */
export interface Matching {
  readonly by: MatchedBy
  readonly pairs: readonly (readonly [before: FeatureRow, after: FeatureRow])[]
  /** Rows of the published ones that have no partner, and of the others. */
  readonly gone: readonly FeatureRow[]
  readonly added: readonly FeatureRow[]
}

/** Rows that are matched by a column must be at least such a share of the fewer ones, or it is no key of theirs. */
const LEAST_SHARED = 0.5

/**
 * Matches rows by the first column whose values are there and unique on both sides; where there is none, one by one if
 * they are as many.
 *
 * @param candidates columns that may be a key, in order
 */
export function matchRows(
  before: readonly FeatureRow[],
  after: readonly FeatureRow[],
  candidates: readonly string[],
): Matching {
  for (const column of candidates) {
    const [left, right] = [byValue(before, column), byValue(after, column)]
    if (!left || !right) continue
    const pairs = [...left].flatMap(([value, row]) =>
      right.has(value) ? [[row, right.get(value)!] as const] : [],
    )
    if (pairs.length < LEAST_SHARED * Math.min(left.size, right.size)) continue
    return {
      by: { kind: 'key', column },
      pairs,
      gone: [...left].filter(([value]) => !right.has(value)).map(([, row]) => row),
      added: [...right].filter(([value]) => !left.has(value)).map(([, row]) => row),
    }
  }
  if (before.length !== after.length) return { by: { kind: 'nothing' }, pairs: [], gone: [], added: [] }
  return {
    by: { kind: 'order' },
    pairs: before.map((row, index) => [row, after[index]!]),
    gone: [],
    added: [],
  }
}

/** Rows by the value of a column; undefined where one has none, or two have the same. */
function byValue(rows: readonly FeatureRow[], column: string): Map<unknown, FeatureRow> | undefined {
  const found = new Map<unknown, FeatureRow>()
  for (const row of rows) {
    const value = row[column]
    if (value === null || value === undefined || found.has(value)) return undefined
    found.set(value, row)
  }
  return found
}
