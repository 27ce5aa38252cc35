/** A row as read from Parquet, values by column name. */
export type FeatureRow = Readonly<Record<string, unknown>>

/** Way in which rows were matched: by a key column, by their order, or not at all. */
export type MatchedBy =
  | { readonly kind: 'key'; readonly column: string }
  /** Row by row, in the order of the raw files. */
  | { readonly kind: 'order' }
  | { readonly kind: 'nothing' }

/** Published rows of a day, and those of the present code that come from the same records. */
export interface Matching {
  /** Way in which the rows were matched. */
  readonly by: MatchedBy
  /** Matched rows, in the order of the published ones. */
  readonly pairs: readonly (readonly [before: FeatureRow, after: FeatureRow])[]
  /** Published rows without a match. */
  readonly gone: readonly FeatureRow[]
  /** Rows of the present code without a match. */
  readonly added: readonly FeatureRow[]
}

/** Smallest share of the smaller side that a key must match. A column that matches fewer rows is not taken as a key. */
const LEAST_SHARED = 0.5

/**
 * Matches the published rows of a day with those of the present code: by the first column that has unique values and no
 * null on both sides, and shares half of them. Without such a column, matches them one by one if both sides have
 * equally many, else not at all.
 *
 * @param candidates columns that may be a key, in order of preference
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

/** Indexes rows by the value of a column; undefined if a value is missing or occurs twice. */
function byValue(rows: readonly FeatureRow[], column: string): Map<unknown, FeatureRow> | undefined {
  const found = new Map<unknown, FeatureRow>()
  for (const row of rows) {
    const value = row[column]
    if (value === null || value === undefined || found.has(value)) return undefined
    found.set(value, row)
  }
  return found
}
