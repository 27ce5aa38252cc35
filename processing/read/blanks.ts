import { RETURN, SPACE, TAB } from './bytes.ts'

/** True for white space that may stand within a line: space, tab or CR. */
export function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN
}

/** Returns the first position from `start` on that is no white space, or `end`. */
export function passBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && isBlank(bytes[at])) at++
  return at
}
