import type { ColumnInfo } from '@aws-sdk/client-athena'
import type { SchemaElement } from 'hyparquet'

/** Numbers that a kind's type in DDL has in brackets, as a column carries them. */
export interface KindParameters {
  /**
   * In the order of the DDL.
   * @default none
   */
  readonly parameters?: readonly number[]
}

/** Bound of a column's values. Text is compared as text; only ASCII is kept, where that is byte order. */
export type Bound = number | bigint | string | boolean

/** How Parquet stores a value: https://github.com/apache/parquet-format/blob/master/LogicalTypes.md */
export type ParquetType = Omit<SchemaElement, 'name' | 'repetition_type' | 'num_children' | 'field_id'>

/**
 * All that is known of one kind of column. Members that give source text are given the name of a variable; functions
 * are compiled of it once per dataset, so that each column's values meet code that has met that column alone.
 */
export interface ColumnKind {
  /** Its type in Glue and Athena's DDL: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
  readonly glue: string
  /**
   * Names of its parameters, in the order of the DDL.
   * @default none
   */
  readonly parameters?: readonly string[]
  /** Types of Athena's results whose values it holds, as GetQueryResults names them. */
  readonly athena: readonly string[]
  /**
   * Its parameters for a column of results.
   * @default none
   */
  readonly athenaParameters?: (column: Partial<ColumnInfo>) => readonly number[]
  /** Its Parquet type. */
  readonly parquet: ParquetType
  /**
   * What of the Parquet type follows from the parameters.
   * @default nothing
   */
  readonly parquetParameters?: (spec: KindParameters) => ParquetType
  /**
   * Source of an expression that is true of the values that a column can hold, and of no other. Nothing is converted:
   * a value that would not come back as it is does not fit, but for the rounding that `float32` and `timestamp`
   * promise. NaN and infinities do not fit: `1e400` in JSON is read as an infinity, and a NaN is a missing value that
   * should be null.
   */
  readonly fits: (value: string, spec: KindParameters) => string
  /** What is wrong with a value that does not fit, as the end of a sentence; `found` is the value as messages show it. */
  readonly misfit: (value: unknown, found: string, spec: KindParameters) => string
  /** Source of the call of LeafEncoder that puts a value which fits. */
  readonly put: (value: string, spec: KindParameters) => string
  /** What the encoder compares to know the bounds of a chunk. */
  readonly bounds: 'numbers' | 'text' | 'flags'
  /**
   * A bound as hyparquet-writer takes it for statistics.
   * @default as the encoder has it
   */
  readonly writtenBound?: (bound: Bound, end: 'min' | 'max') => Bound
  /**
   * A bound as the encoder has it, of what hyparquet reads in statistics; undefined where that cannot be told.
   * @default as hyparquet reads it
   */
  readonly readBound?: (bound: unknown, spec: KindParameters) => Bound | undefined
  /**
   * The text of a value that hyparquet has read from a leaf, in CSV and JSON.
   * @default ISO 8601 for a Date, else what String makes of it
   */
  readonly text?: (value: unknown, leaf: ParquetType) => string
}
