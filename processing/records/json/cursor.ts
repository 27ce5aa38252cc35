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

export const QUOTE = 34
export const COMMA = 44
export const MINUS = 45
export const OPEN_LIST = 91
export const BACKSLASH = 92
export const CLOSE_LIST = 93
