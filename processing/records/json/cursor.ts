/**
 * A text that is read by position. Positions count from the start of the buffer, so that a read of several bytes may
 * go past the end of a line: what stands there decides nothing, since the newline before it fits nothing.
 */
export interface Cursor {
  bytes: Uint8Array
  view: DataView
  /** Behind what was read last; {@link FAILED} when it was not what the reader reads. */
  position: number
}

/** The position of a cursor whose text is left to `readJson`. */
export const FAILED = -1
