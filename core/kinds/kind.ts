import type { SchemaElement } from 'hyparquet'

/** The numbers in brackets of a kind's DDL type, such as 38 and 2 of `decimal(38,2)`. */
export interface KindParameters {
  /**
   * Numbers in the order of the DDL.
   * @default none
   */
  readonly parameters?: readonly number[]
}

/**
 * Part of a column's description in Athena's results:
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html
 */
export interface ResultColumn {
  readonly Precision?: number | undefined
  readonly Scale?: number | undefined
}

/**
 * Least or greatest value of a column chunk, for its statistics. Text is compared as UTF-16, so bounds of text are only
 * kept if it is ASCII, where that equals byte order.
 */
export type Bound = number | bigint | string | boolean

/**
 * Type of a leaf of a Parquet schema, that is, of an element with values:
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
export type ParquetType = Omit<SchemaElement, 'name' | 'repetition_type' | 'num_children' | 'field_id'>

/**
 * Everything about one kind of column: its types elsewhere, the values that fit, and their encoding. Members that
 * return source text get the name of a variable. Functions are compiled from it once per dataset, so that each column
 * has its own code, which the runtime can specialize.
 */
export interface ColumnKind {
  /** Type in the DDL of Glue and Athena: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
  readonly glue: string
  /**
   * Names of the type's parameters, in the order of the DDL.
   * @default none
   */
  readonly parameters?: readonly string[]
  /** Types in Athena's results that this kind can hold, as GetQueryResults names them. */
  readonly athena: readonly string[]
  /**
   * Returns the kind's parameters for a column of Athena's results.
   * @default none
   */
  readonly athenaParameters?: (column: ResultColumn) => readonly number[]
  /** Parquet type, without what depends on the parameters. */
  readonly parquet: ParquetType
  /**
   * Returns the part of the Parquet type that depends on the parameters.
   * @default nothing does
   */
  readonly parquetParameters?: (spec: KindParameters) => ParquetType
  /**
   * Returns the source of an expression that is true of exactly the values that a column can hold. Nothing is
   * converted: a value that would not come back unchanged does not fit, except for the rounding that `float32` and
   * `timestamp` promise. NaN and infinities do not fit: `1e400` in JSON parses to an infinity, and NaN is a missing
   * value that should be null.
   */
  readonly fits: (value: string, spec: KindParameters) => string
  /**
   * Describes why a value does not fit, as the end of a sentence.
   *
   * @param found the value as messages show it
   */
  readonly misfit: (value: unknown, found: string, spec: KindParameters) => string
  /** Returns the source of the LeafEncoder call that encodes a fitting value. */
  readonly put: (value: string, spec: KindParameters) => string
  /** Values that the encoder compares for the bounds of a column chunk. */
  readonly bounds: 'numbers' | 'text' | 'flags'
  /**
   * Converts an encoder's bound to the value that hyparquet-writer takes for statistics.
   * @default unchanged
   */
  readonly writtenBound?: (bound: Bound, end: 'min' | 'max') => Bound
  /**
   * Converts a bound that hyparquet read from statistics to an encoder's bound; undefined if that would not be exact.
   * @default unchanged
   */
  readonly readBound?: (bound: unknown, spec: KindParameters) => Bound | undefined
  /**
   * Formats a value that hyparquet read from a leaf, for CSV and JSON.
   * @default ISO 8601 for a Date, otherwise String(value)
   */
  readonly text?: (value: unknown, leaf: ParquetType) => string
}
