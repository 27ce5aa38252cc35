import { MINUS, ZERO } from '../../../read/bytes'
import { BIGINT, DIGITS, DOUBLE, INT } from '../record-layout'
import { DOT, LETTER_E, PLUS } from './bytes'
import { divideExactly } from './divide-exactly'

/** Powers of ten that double precision holds exactly. */
const POWERS = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
])
const MAX_POWER: i32 = 22
/** Powers of ten up to the eighth. */
const SHIFTS = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000])
const SIGNS = memory.data<f64>([1, -1])
/** Eight digits zero. */
const ZEROS: u64 = 0x3030303030303030
const MAX_INT: u64 = 0x7fffffff
const MAX_SAFE: u64 = 0x1fffffffffffff
/** Digits that 63 bits always hold. */
const MAX_DIGITS: usize = 18

/**
 * Reads the number at a position into a slot, as `readJson` does: as a {@link BIGINT} for an integer beyond 2^53 - 1 in
 * either direction without fraction and exponent, else as the nearest double. Returns the position behind it, or 0 for
 * none.
 *
 * A whole number up to 2^53 that is multiplied or divided by an exact power of ten is rounded once, and so correctly
 * (Clinger, "How to read floating point numbers accurately", 1990). Longer ones are divided to twice the precision, and
 * the rest is left to the runtime, as {@link DIGITS}.
 */
export function readNumber(start: usize, slot: usize): usize {
  const isNegative = (load<u8>(start) == MINUS) as usize
  const first = start + isNegative
  let at = first + 1
  let digits = load<u64>(first) ^ ZEROS
  let whole = digits & 0xff
  // Most fractions have one digit before the point.
  if (whole > 9 || load<u8>(at) != DOT) {
    const count = digitsIn(digits)
    if (count == 0) return 0
    whole = eightDigits(digits << (64 - (count << 3)))
    at = first + count
    if (count == 8) {
      at = readMore(at, whole)
      whole = more
    }
    if (count > 1 && load<u8>(first) == ZERO) return 0
  }
  let length = at - first
  let byte = load<u8>(at)
  if (byte != DOT && (byte | 32) != LETTER_E) {
    if (length > MAX_DIGITS) return leaveDigits(start, at, slot)
    putInteger(slot, whole, isNegative)
    return at
  }
  let exponent: i32 = 0
  if (byte == DOT) {
    const fraction = ++at
    digits = load<u64>(at) ^ ZEROS
    const count = digitsIn(digits)
    if (count == 0) return 0
    whole = whole * load<u64>(SHIFTS + (count << 3)) + eightDigits(digits << (64 - (count << 3)))
    at += count
    if (count == 8) {
      at = readMore(at, whole)
      whole = more
    }
    length += at - fraction
    exponent = (fraction as i32) - (at as i32)
    byte = load<u8>(at)
    if (length > MAX_DIGITS) length = significantDigits(first, at)
  }
  if ((byte | 32) == LETTER_E) {
    at++
    const sign = load<u8>(at)
    if (sign == PLUS || sign == MINUS) at++
    const power = readPower(at)
    if (power < 0) return 0
    exponent += sign == MINUS ? -power : power
    at = behindDigits(at)
  }
  if (length > MAX_DIGITS || exponent < -MAX_POWER || exponent > MAX_POWER)
    return leaveDigits(start, at, slot)
  const value = scale(whole, exponent)
  if (value < 0) return leaveDigits(start, at, slot)
  store<i32>(slot, DOUBLE)
  // A branch would be mispredicted at half of the numbers whose sign is any.
  store<f64>(slot, value * load<f64>(SIGNS + (isNegative << 3)), 8)
  return at
}

/** Number that {@link readMore} has read; what digits beyond 19 make of it means nothing. */
let more: u64 = 0

/** Appends further digits to a number, and returns the position behind them. */
function readMore(start: usize, before: u64): usize {
  let at = start
  more = before
  while (true) {
    const digits = load<u64>(at) ^ ZEROS
    const count = digitsIn(digits)
    if (count == 0) return at
    more = more * load<u64>(SHIFTS + (count << 3)) + eightDigits(digits << (64 - (count << 3)))
    at += count
    if (count < 8) return at
  }
}

function putInteger(slot: usize, whole: u64, isNegative: usize): void {
  if (whole <= MAX_INT && (whole | (isNegative ^ 1)) != 0) {
    const value = ((whole as i32) ^ -(isNegative as i32)) + (isNegative as i32)
    store<i32>(slot, INT)
    store<i32>(slot, value, 4)
    store<f64>(slot, value as f64, 8)
  } else if (whole <= MAX_SAFE) {
    store<i32>(slot, DOUBLE)
    store<f64>(slot, (whole as f64) * load<f64>(SIGNS + (isNegative << 3)), 8)
  } else {
    store<i32>(slot, BIGINT)
    store<i64>(slot, isNegative ? -(whole as i64) : (whole as i64), 8)
  }
}

function leaveDigits(start: usize, end: usize, slot: usize): usize {
  store<i32>(slot, DIGITS)
  store<u32>(slot, start as u32, 8)
  store<u32>(slot, (end - start) as u32, 12)
  return end
}

/** Returns `digits * 10^exponent`, rounded once, or -1 if that is uncertain. */
function scale(digits: u64, exponent: i32): f64 {
  if (digits <= MAX_SAFE + 1)
    return exponent < 0
      ? (digits as f64) / load<f64>(POWERS + (-exponent << 3))
      : (digits as f64) * load<f64>(POWERS + (exponent << 3))
  return exponent > 0 ? -1 : divideExactly(digits as i64, load<f64>(POWERS + (-exponent << 3)))
}

/** Counts the digits at the front of eight bytes less 48 each. */
function digitsIn(bytes: u64): usize {
  // The lowest bit tells the first byte that is no digit: a carry only reaches bytes behind it.
  return (ctz((bytes | (bytes + 0x7676767676767676)) & 0x8080808080808080) >> 3) as usize
}

/** Returns the number of eight digits, the first one lowest. */
function eightDigits(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8)
  const first = (pairs & 0x000000ff000000ff) * 0x000f424000000064
  const second = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001
  return (first + second) >> 32
}

/** Counts the digits of a number from the first that is not zero. */
function significantDigits(first: usize, end: usize): usize {
  let count: usize = 0
  for (let at = first; at < end; at++) {
    const byte = load<u8>(at)
    if (byte != DOT && (count > 0 || byte != ZERO)) count++
  }
  return count
}

/** Reads the digits of an exponent; returns -1 for none. */
function readPower(start: usize): i32 {
  let power: i32 = 0
  const end = behindDigits(start)
  if (end == start) return -1
  for (let at = start; at < end; at++) power = min(power * 10 + (load<u8>(at) ^ ZERO), 9999)
  return power
}

function behindDigits(start: usize): usize {
  let at = start
  while ((load<u8>(at) ^ ZERO) < 10) at++
  return at
}
