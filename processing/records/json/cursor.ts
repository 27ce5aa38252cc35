/**
 * Bytes that are parsed, and the position that a parser has reached. Positions count from the start of the buffer, so
 * that a read of several bytes may go beyond the end of a line. That is harmless: the newline matches nothing, whatever
 * follows it.
 */
export interface Cursor {
  /** The whole buffer. */
  bytes: Uint8Array
  /** View of the same bytes. */
  view: DataView
  /** Position behind the last value that was parsed; {@link FAILED} if it could not be. */
  position: number
}

/** Position of a cursor whose text must be parsed by `readJson`. */
export const FAILED = -1
