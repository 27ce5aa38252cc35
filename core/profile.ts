/**
 * The profile of a published day: statistics of each column's values, a part of its manifest. The sketches that it was
 * made from lie beside the manifest, so that a day that grows gets a profile of all its rows.
 */

/** Version that is written. Profiles of other versions are ignored. */
const VERSION = 1

/**
 * Shares at which a profile lists quantiles. The quantile at 0.1 is the least value that at least 10% of the values do
 * not exceed.
 */
export const QUANTILES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] as const
/** Maximum number of values that a column's `top` lists. */
export const TOP_VALUES = 10
/** Maximum number of characters of a text in a profile; a longer text is cut and ends with `…`. */
export const PROFILE_TEXT_CHARACTERS = 100

/**
 * A value in a profile. Timestamps are ISO 8601, dates `YYYY-MM-DD`, decimals text with all digits, as are integers
 * beyond 2^53 - 1 either way.
 */
export type ProfileValue = number | string | boolean

/** True for types whose values are instants or days. */
export const isTime = (type: string) => /\b(timestamp|date)\b/.test(type)

/** A frequent value of a column. */
export interface TopValue {
  readonly value: ProfileValue
  /** Number of times that the value occurs: exact if `isTopExact`, else within one percent of all values. */
  readonly count: number
}

/** Lengths of a column's lists. An empty list has length 0, null counts as no list. */
export interface ListLengths {
  /** Length of the shortest list. */
  readonly min: number
  /** Length of the longest list. */
  readonly max: number
  /** Mean length. */
  readonly mean: number
  /** Quantiles of the lengths, as pairs of a share from {@link QUANTILES} and the length. */
  readonly quantiles: readonly (readonly [at: number, length: number])[]
}

/** Statistics of one column's values. For a list column, they are of the lists' elements. */
export interface ColumnProfile {
  /** Type in Athena's DDL, such as `double` or `array<string>`. */
  readonly type: string
  /** Rows that hold null. Nulls within lists do not count. */
  readonly nulls: number
  /** Values that are not null. */
  readonly values: number
  /** Number of distinct values, within two percent. */
  readonly distinct: number
  /**
   * Least value, exact; text is in UTF-8 order.
   * @default there is no value
   */
  readonly min?: ProfileValue
  /**
   * Greatest value, exact; text is in UTF-8 order.
   * @default there is no value
   */
  readonly max?: ProfileValue
  /**
   * Mean. For booleans, the share of true; for timestamps and dates, milliseconds since 1970.
   * @default there is no value, it is text, or sums of the values exceed a double
   */
  readonly mean?: number
  /** Standard deviation, in the unit of the mean. */
  readonly deviation?: number
  /**
   * Quantiles as pairs of a share from {@link QUANTILES} and the value, which is right within one percent of all
   * values.
   * @default there is no value, or it is text or a boolean
   */
  readonly quantiles?: readonly (readonly [at: number, value: ProfileValue])[]
  /** The most frequent values, at most {@link TOP_VALUES}, the most frequent first. */
  readonly top: readonly TopValue[]
  /**
   * True if the counts in `top` are exact and it lists the most frequent values.
   * @default false: there are too many distinct values to count each
   */
  readonly isTopExact?: true
  /** Lengths of the column's lists. @default the column has no lists, or only nulls */
  readonly lengths?: ListLengths
}

/**
 * Statistics of the columns of a published day. PublishDay stores them in the manifest; checks of later days and the
 * report read them.
 */
export interface Profile {
  /** Version of the profile's format. */
  readonly version: number
  /** Number of rows of the day. */
  readonly rows: number
  /** Statistics by column name, in the order of the table. */
  readonly columns: Readonly<Record<string, ColumnProfile>>
}

/**
 * Returns a profile in the current format.
 *
 * @param columns in the order of the table
 */
export const newProfile = (rows: number, columns: Profile['columns']): Profile => ({
  version: VERSION,
  rows,
  columns,
})

/** Returns the profile of a published generation; undefined if it has none, or one in another format. */
export function profileOf(published: { readonly profile?: Profile } | null | undefined): Profile | undefined {
  const profile = published?.profile
  return profile?.version === VERSION ? profile : undefined
}
