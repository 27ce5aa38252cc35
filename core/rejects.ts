/** All reasons for rejecting a record, as reject files and summaries name them. */
export const REJECT_REASONS = [
  'invalid-json',
  'invalid-utf8',
  'line-too-long',
  'not-an-object',
  'invalid-row',
  'extract-error',
  'broken-gzip',
  'broken-zstd',
  'unreadable',
] as const
/** Reason for which a record gave no row, as reject files and summaries name it. */
export type RejectReason = (typeof REJECT_REASONS)[number]

/**
 * A line of a reject file. The job writes it; the table `<table>_rejected` reads it. Exactly one of `raw` and
 * `rawBase64` is set.
 */
export interface Reject {
  /** Key of the raw object. */
  readonly source: string
  /** Number of the line in the object, from 1. */
  readonly line: number
  readonly reason: RejectReason
  /** Description of the problem. */
  readonly message: string
  /** The record as text. */
  readonly raw?: string
  /** The record's bytes if they are not valid UTF-8. */
  readonly rawBase64?: string
  /**
   * Location of the record's bytes in the object if not all of them are kept here.
   * @default all of them are
   */
  readonly range?: ByteRange
}

/** Position of a rejected record's bytes in its raw object: from `start` to before `end`. */
export interface ByteRange {
  /** Offset of the first byte, from 0. */
  readonly start: number
  /** Offset after the last byte. */
  readonly end: number
  /** `stored`: offsets into the object as stored. `decoded`: offsets into its decompressed bytes. */
  readonly of: 'stored' | 'decoded'
}

/** Number of records that a job rejected for one reason, with the first of them. */
export interface RejectedFor {
  readonly reason: RejectReason
  /** Number of records that were rejected for it. */
  readonly records: number
  /**
   * The first in the order of keys and lines. The message contains no value of the record and is cut to a few hundred
   * characters.
   */
  readonly first: Pick<Reject, 'source' | 'line' | 'message'>
}
