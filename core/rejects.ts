/** Why a record was rejected. */
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
export type RejectReason = (typeof REJECT_REASONS)[number]

/** A line of a reject file. Exactly one of `raw` and `rawBase64` is set. */
export interface Reject {
  /** Key of the raw object. */
  readonly source: string
  /** From 1, counted from the start of the object. */
  readonly line: number
  readonly reason: RejectReason
  readonly message: string
  readonly raw?: string
  /** Where the bytes are not valid UTF-8. */
  readonly rawBase64?: string
  /**
   * Where the record's bytes are, when not all of them are kept here.
   * @default all are
   */
  readonly range?: ByteRange
}

/** Bytes of a raw object from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
  /** Whether they are counted as they are stored, or once they are decompressed. */
  readonly of: 'stored' | 'decoded'
}

/** How many records a job rejected for one reason, and the first of them. */
export interface RejectedFor {
  readonly reason: RejectReason
  readonly records: number
  /** The first in the order of keys and lines; its message holds no value of the record and is cut to a few hundred characters. */
  readonly first: Pick<Reject, 'source' | 'line' | 'message'>
}
