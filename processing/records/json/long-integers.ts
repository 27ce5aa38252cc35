import { CLOSE_LIST, COMMA, MINUS, OPEN_LIST } from './cursor.ts'

/** Digits that an integer beyond 2^53 - 1 has at least. */
export const LONG = 16

const TAB = 9
const SPACE = 32
const ZERO = 48
const COLON = 58
const CLOSE_OBJECT = 125

/**
 * Whether an integer beyond 2^53 - 1 may stand in a line: false only where none does. Looks at every 16th byte of text
 * without digits, and at no byte more than twice.
 */
export function mayHoldLongInteger(bytes: Uint8Array, start: number, end: number): boolean {
  /** No run that begins before it is long and a value. */
  let first = start
  while (first + LONG < end) {
    let at = first + LONG - 1
    while (at >= first && isDigit(bytes[at]!)) at--
    if (at < first) {
      at = first + LONG
      while (at < end && isDigit(bytes[at]!)) at++
      if (at < end && isValue(bytes, first, at)) return true
    }
    first = at + 1
  }
  return false
}

/** Whether digits may be a value of an object or a list, by what stands around them: most long ones are text. */
function isValue(bytes: Uint8Array, first: number, end: number): boolean {
  const before = bytes[first - 1] === MINUS ? first - 2 : first - 1
  return canPrecede(bytes[before]) && canFollow(bytes[end])
}

function canPrecede(byte: number | undefined): boolean {
  return byte === COLON || byte === COMMA || byte === OPEN_LIST || isSpace(byte)
}

function canFollow(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || isSpace(byte)
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || (byte !== undefined && byte >= TAB && byte <= 13)
}

/** Of a byte, or of a code unit. */
export function isDigit(byte: number): boolean {
  return (byte ^ ZERO) < 10
}
