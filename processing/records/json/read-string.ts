import { QUOTE, BACKSLASH } from '../../read/bytes.ts'
import { FAILED, type Cursor } from './cursor.ts'

/** Longest text that is read here: the runtime is faster at longer ones. */
export const MAX_LENGTH = 48
const CACHE_SIZE = 256

/**
 * Strings that were last read for one field of a record, by hash. Values of features repeat, and then no new string is
 * made.
 */
export type StringCache = string[]

/** Makes an empty cache of 256 strings. */
export function stringCache(): StringCache {
  return new Array<string>(CACHE_SIZE).fill('')
}

/**
 * Reads a string of up to 48 printable ASCII characters without escapes. Sets the cursor's position to {@link FAILED}
 * for any other.
 *
 * @param start position behind the opening quote
 */
export function readString(cursor: Cursor, start: number, cache: StringCache): string {
  const { bytes } = cursor
  let position = start
  let hash = 0
  let code = bytes[position]!
  while (code !== QUOTE) {
    if (code < 32 || code > 126 || code === BACKSLASH) return fail(cursor)
    hash = (Math.imul(hash, 31) + code) | 0
    code = bytes[++position]!
  }
  const length = position - start
  if (length > MAX_LENGTH) return fail(cursor)
  cursor.position = position + 1
  const slot = (hash ^ (hash >>> 8)) & (CACHE_SIZE - 1)
  const known = cache[slot]!
  if (known.length === length && isSame(known, bytes, start)) return known
  return (cache[slot] = make(bytes, start, length))
}

function isSame(known: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < known.length; index++) {
    if (known.charCodeAt(index) !== bytes[start + index]) return false
  }
  return true
}

/**
 * Makes a string of ASCII bytes. The runtime's own functions cost a call out of JavaScript, which is dear for a few
 * characters.
 */
function make(bytes: Uint8Array, start: number, length: number): string {
  let text = ''
  let at = start
  const end = start + length
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    )
  }
  switch (end - at) {
    case 0:
      return text
    case 1:
      return text + String.fromCharCode(bytes[at]!)
    case 2:
      return text + String.fromCharCode(bytes[at]!, bytes[at + 1]!)
    case 3:
      return text + String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!)
    case 4:
      return text + String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!)
    case 5:
      return (
        text + String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!, bytes[at + 4]!)
      )
    case 6:
      return (
        text +
        String.fromCharCode(
          bytes[at]!,
          bytes[at + 1]!,
          bytes[at + 2]!,
          bytes[at + 3]!,
          bytes[at + 4]!,
          bytes[at + 5]!,
        )
      )
    default:
      return (
        text +
        String.fromCharCode(
          bytes[at]!,
          bytes[at + 1]!,
          bytes[at + 2]!,
          bytes[at + 3]!,
          bytes[at + 4]!,
          bytes[at + 5]!,
          bytes[at + 6]!,
        )
      )
  }
}

function fail(cursor: Cursor): string {
  cursor.position = FAILED
  return ''
}
