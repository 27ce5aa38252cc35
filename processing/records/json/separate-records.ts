import { passBlanks } from '../../read/blanks.ts'
import { QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT } from '../../read/bytes.ts'

/** Range of bytes: position of the first, and position behind the last. */
export type Stretch = readonly [start: number, end: number]

/** True if a line consists of several JSON objects without newlines between them, as some writers produce it. */
export function holdsSeveral(bytes: Uint8Array, start: number, end: number): boolean {
  let objects = 0
  for (let at = passBlanks(bytes, start, end); at < end; objects++) {
    if (bytes[at] !== OPEN_OBJECT) return false
    at = passBlanks(bytes, endOfObject(bytes, at, end), end)
  }
  return objects > 1
}

/**
 * Emits the range of each object in a line of several objects, one at a time, as there may be millions. If no brace
 * closes the last object, its range extends to the end of the line.
 */
export function* separateRecords(bytes: Uint8Array, start: number, end: number): Generator<Stretch> {
  for (let at = passBlanks(bytes, start, end); at < end;) {
    const close = endOfObject(bytes, at, end)
    yield [at, close]
    at = passBlanks(bytes, close, end)
  }
}

/** Returns the position after the brace that closes the object, or the end. */
function endOfObject(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = closingQuote(bytes, at, end)
    else if (byte === OPEN_OBJECT) depth++
    else if (byte === CLOSE_OBJECT && --depth === 0) return at + 1
  }
  return end
}

function closingQuote(bytes: Uint8Array, quote: number, end: number): number {
  let at = quote + 1
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}
