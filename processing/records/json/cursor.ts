/**
 * A text that is read by position. Positions count from the start of the buffer, so that a read of several bytes may go
 * past the end of a line. That is harmless: the newline matches nothing, whatever follows it.
 */
export interface Cursor {
  bytes: Uint8Array
  view: DataView
  /** Position after the last value; {@link FAILED} if the reader could not read it. */
  position: number
}

/** The position of a cursor whose text is left to `readJson`. */
export const FAILED = -1
