import { BACKSLASH, MINUS, QUOTE } from '../../read/bytes.ts'
import { isDigit, LONG, mayHoldLongInteger } from './long-integers.ts'

/** Spelling of a text: ASCII bytes are read faster as Latin-1, of which they are a part. */
export type Spelling = 'utf8' | 'latin1'

/**
 * Parses a text in UTF-8 as `JSON.parse` does, except that integers beyond 2^53 - 1 in either direction, without
 * fraction and exponent, become bigints with all their digits. A text with such an integer is parsed twice.
 *
 * @param spelling `latin1` if all bytes are known to be ASCII
 * @throws SyntaxError as JSON.parse does
 */
export function readJson(bytes: Buffer, start: number, end: number, spelling: Spelling = 'utf8'): unknown {
  const text = bytes.toString(spelling, start, end)
  // Checked here, while the bytes are at hand: a pass over each shard before cost 3% of the CPU time of long records.
  const mayHoldLong = mayHoldLongInteger(bytes, start, end)
  const value: unknown = JSON.parse(text)
  return mayHoldLong ? withDigits(value, JSON.parse(quoteLongIntegers(text))) : value
}

/**
 * Replaces numbers by bigints where `quoted` has text in their place. Changes `value` and returns it; deep nesting is
 * no trouble.
 */
function withDigits(value: unknown, quoted: unknown): unknown {
  const holder: Holder = { value }
  const pairs: [changed: Holder, quoted: Holder][] = [[holder, { value: quoted }]]
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [changed, texts] = pair
    for (const key of Object.keys(changed)) {
      const [found, text] = [changed[key], texts[key]]
      if (typeof found === 'object') {
        if (found !== null) pairs.push([found as Holder, text as Holder])
      } else if (typeof found === 'number' && typeof text === 'string' && !Number.isSafeInteger(found)) {
        changed[key] = BigInt(text)
      }
    }
  }
  return holder.value
}

/** A list or an object; `__proto__` is a key like others in what `JSON.parse` has made. */
type Holder = Record<string, unknown>

/** The characters of a number in a text that is known to be JSON. */
const NUMBER = /[-+.\deE]+/y
const INTEGER = /^-?\d+$/

/** Puts the long integers of a JSON text in quotes. */
function quoteLongIntegers(text: string): string {
  const pieces: string[] = []
  let taken = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === MINUS || isDigit(code)) {
      NUMBER.lastIndex = at
      const [number] = NUMBER.exec(text)!
      if (number.length >= LONG && INTEGER.test(number)) {
        pieces.push(text.slice(taken, at), '"', number, '"')
        taken = at + number.length
      }
      at += number.length
    } else at++
  }
  return pieces.join('') + text.slice(taken)
}

/** Returns the position after the string that begins at `quote`. */
function endOfString(text: string, quote: number): number {
  let end = quote
  do end = text.indexOf('"', end + 1)
  while (isEscaped(text, end))
  return end + 1
}

function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (at - first) % 2 === 1
}
