import { MINUS, ZERO } from '../../read/bytes.ts'
import { FAILED, type Cursor } from './cursor.ts'
import { divideExactly } from './divide-exactly.ts'

const PLUS = 43
const DOT = 46
const EXPONENT = 101
/** Powers of ten that double precision holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
const WHOLE_POWERS = POWERS.map(BigInt)
/** A number below these can take one more digit, or four, and still be an int32. */
const TAKES_ONE = 200_000_000
const TAKES_FOUR = 200_000
const WORD_DIGITS = 9

/**
 * Reads the number at position `start` as `readJson` does: a bigint for an integer beyond 2^53 - 1 in either direction
 * without fraction and exponent, else the nearest double. Sets the cursor's position to {@link FAILED} if there is no
 * number. A whole number up to 2^53 that is multiplied or divided by an exact power of ten is rounded once, and so
 * correctly (Clinger, "How to read floating point numbers accurately", 1990). Longer ones are divided to twice the
 * precision, and the rest is left to the runtime.
 */
export function readNumber(cursor: Cursor, start: number): number | bigint {
  const { bytes } = cursor
  const negative = bytes[start] === MINUS
  let position = negative ? start + 1 : start
  let head = bytes[position]! ^ ZERO
  if (head > 9) return fail(cursor)
  let digit = bytes[++position]! ^ ZERO
  if (head === 0) {
    if (digit < 10) return fail(cursor)
  } else {
    while (digit < 10 && head < TAKES_ONE) {
      head = (head * 10 + digit) | 0
      digit = bytes[++position]! ^ ZERO
    }
    if (digit < 10) return readLong(cursor, start, position, head, 0)
  }
  if (bytes[position] === DOT) {
    const fraction = position + 1
    position = fraction
    while (head < TAKES_FOUR) {
      const four = fourDigits(cursor.view.getInt32(position, true))
      if (four < 0) break
      head = (head * 10_000 + four) | 0
      position += 4
    }
    digit = bytes[position]! ^ ZERO
    while (digit < 10 && head < TAKES_ONE) {
      head = (head * 10 + digit) | 0
      digit = bytes[++position]! ^ ZERO
    }
    if (position === fraction && digit > 9) return fail(cursor)
    const places = position - fraction
    if (digit < 10 || places > 22 || (bytes[position]! | 32) === EXPONENT) {
      return readLong(cursor, start, position, head, fraction)
    }
    cursor.position = position
    const value = head / POWERS[places]!
    return negative ? -value : value
  }
  if ((bytes[position]! | 32) === EXPONENT) return readLong(cursor, start, position, head, 0)
  cursor.position = position
  return negative ? -head : head
}

/**
 * Returns the number whose digits are these four bytes, the first one lowest in the word, or a negative number if one
 * is no digit.
 */
function fourDigits(word: number): number {
  const digits = word ^ 0x30303030
  if (((digits | (digits + 0x76767676)) & 0x80808080) !== 0) return -1
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff
  return (pairs & 0xff) * 100 + (pairs >>> 16)
}

/**
 * Reads on after the first digits of a number: a second word of digits, and an exponent.
 *
 * @param from position after the digits that `head` holds
 * @param fraction position of the first digit after the point; 0 if the point was not met
 */
function readLong(
  cursor: Cursor,
  start: number,
  from: number,
  head: number,
  fraction: number,
): number | bigint {
  const { bytes, view } = cursor
  let position = from
  let point = fraction
  let tail = 0
  let count = 0
  let digit = bytes[position]! ^ ZERO
  if (point === 0) {
    for (; digit < 10 && count < WORD_DIGITS; count++) {
      tail = (tail * 10 + digit) | 0
      digit = bytes[++position]! ^ ZERO
    }
    if (bytes[position] === DOT) {
      point = ++position
      digit = bytes[position]! ^ ZERO
      if (digit > 9) return fail(cursor)
    }
  }
  if (point > 0) {
    for (; count <= WORD_DIGITS - 4; count += 4) {
      const four = fourDigits(view.getInt32(position, true))
      if (four < 0) break
      tail = (tail * 10_000 + four) | 0
      position += 4
    }
    digit = bytes[position]! ^ ZERO
    for (; digit < 10 && count < WORD_DIGITS; count++) {
      tail = (tail * 10 + digit) | 0
      digit = bytes[++position]! ^ ZERO
    }
  }
  if (digit < 10) return leaveToRuntime(cursor, start)
  let exponent = point > 0 ? point - position : 0
  if ((bytes[position]! | 32) === EXPONENT) {
    const sign = bytes[++position]
    if (sign === MINUS || sign === PLUS) position++
    digit = bytes[position]! ^ ZERO
    if (digit > 9) return fail(cursor)
    let power = 0
    for (; digit < 10; digit = bytes[++position]! ^ ZERO) power = Math.min(power * 10 + digit, 9999)
    exponent += sign === MINUS ? -power : power
  } else if (point === 0 && head * POWERS[count]! + tail > Number.MAX_SAFE_INTEGER) {
    cursor.position = position
    const whole = BigInt(head) * WHOLE_POWERS[count]! + BigInt(tail)
    return bytes[start] === MINUS ? -whole : whole
  }
  const value = scale(head, tail, count, exponent)
  if (value === undefined) return leaveToRuntime(cursor, start)
  cursor.position = position
  return bytes[start] === MINUS ? -value : value
}

/** Returns `(head * 10^count + tail) * 10^exponent`, rounded once, or undefined if that is uncertain. */
function scale(head: number, tail: number, count: number, exponent: number): number | undefined {
  if (exponent < -22 || exponent > 22) return undefined
  const whole = head * POWERS[count]! + tail
  if (whole <= Number.MAX_SAFE_INTEGER)
    return exponent < 0 ? whole / POWERS[-exponent]! : whole * POWERS[exponent]!
  return exponent <= 0 ? divideExactly(head, POWERS[count]!, tail, POWERS[-exponent]!) : undefined
}

/** Numbers by the grammar of RFC 8259. */
const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/
/** Longest number that is parsed as text, in characters. */
const MAX_LENGTH = 400

/** Lets the runtime parse the number, such as an integer of 19 digits or more. */
function leaveToRuntime(cursor: Cursor, start: number): number | bigint {
  const text = Buffer.from(cursor.bytes.buffer, start, Math.min(MAX_LENGTH, cursor.bytes.length - start))
  const [number, places, power] = NUMBER.exec(text.toString('latin1')) ?? ['']
  if (number.length === 0 || number.length === MAX_LENGTH) return fail(cursor)
  cursor.position = start + number.length
  return places === undefined && power === undefined ? BigInt(number) : Number(number)
}

function fail(cursor: Cursor): number {
  cursor.position = FAILED
  return 0
}
