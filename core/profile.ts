/**
 * What is told of the values of a published day, column by column: a part of its manifest. The sketches that it was made
 * from lie beside the manifest, so that a day that grows has a profile of all its rows.
 */

/** The version that is written, and the only one that is read. */
const VERSION = 1

/** Shares of the values at which quantiles are told: a quantile is the least value that so many are not above. */
export const QUANTILES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] as const
/** Most values that are told by their frequency. */
export const TOP_VALUES = 10
/** Characters of a text that a profile holds; a longer one ends with `…` in their place. */
export const PROFILE_TEXT_CHARACTERS = 100

/**
 * A value as a profile holds it. Instants are ISO 8601, days `YYYY-MM-DD`, decimals text with all digits, and so are
 * integers beyond 2^53 - 1 either way.
 */
export type ProfileValue = number | string | boolean

/** How often a value is there. */
export interface TopValue {
  readonly value: ProfileValue
  /** Exact where the profile says so, else within one percent of all values. */
  readonly count: number
}

/** How many elements the lists of a column have; null is no list, an empty list has none. */
export interface ListLengths {
  readonly min: number
  readonly max: number
  readonly mean: number
  /** As of values. */
  readonly quantiles: readonly (readonly [at: number, length: number])[]
}

/** The values of one column. Of a list, those of its elements. */
export interface ColumnProfile {
  /** As Athena's DDL has it, such as `double` or `array<string>`. */
  readonly type: string
  /** Rows whose value is null. Null in a list is none of these. */
  readonly nulls: number
  /** Values that are not null. */
  readonly values: number
  /** Different values among them, within two percent. */
  readonly distinct: number
  /**
   * Exact; of text, in the order of UTF-8.
   * @default there is no value
   */
  readonly min?: ProfileValue
  readonly max?: ProfileValue
  /**
   * Of booleans the share of true; of instants and days milliseconds since 1970.
   * @default there is no value, or it is text
   */
  readonly mean?: number
  /** Standard deviation, in the units of the mean. */
  readonly deviation?: number
  /**
   * At {@link QUANTILES}, each within one percent of all values.
   * @default there is no value, or it is text or a boolean
   */
  readonly quantiles?: readonly (readonly [at: number, value: ProfileValue])[]
  /** The most frequent values, at most {@link TOP_VALUES}, the most frequent first. */
  readonly top: readonly TopValue[]
  /**
   * Whether counts of `top` are exact, and no value of the same frequency is left out but for the room.
   * @default false: there are too many different ones to count each
   */
  readonly isTopExact?: true
  /** @default it holds no lists, or nothing but null */
  readonly lengths?: ListLengths
}

/** The values of a day. */
export interface Profile {
  readonly version: number
  readonly rows: number
  /** By name, in the order of the table. */
  readonly columns: Readonly<Record<string, ColumnProfile>>
}

/** The profile of that many rows. */
export const newProfile = (rows: number, columns: Profile['columns']): Profile => ({
  version: VERSION,
  rows,
  columns,
})

/** The profile of a published generation; undefined where it has none, or one that another release made. */
export function profileOf(published: { readonly profile?: Profile } | null | undefined): Profile | undefined {
  const profile = published?.profile
  return profile?.version === VERSION ? profile : undefined
}
