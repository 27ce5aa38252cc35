import {
  AMPERSAND,
  CLASSES_AT,
  LESS,
  MARKUP,
  SPACE,
  TEXT_AT,
  UNITS_AT,
  WHITE,
  WRITTEN_AT,
} from '../units-layout'

const NO_BREAK_SPACE: i16 = 160
/** Units below it that are white space are the no-break space and those up to the space. */
const FIRST_RARE: i16 = 0x1680

/** Counts the spaces among the first `length` code units. */
export function countSpaces(length: i32): i32 {
  let count = 0
  let index = 0
  for (; index + 8 <= length; index += 8) {
    const units = v128.load(UNITS_AT + (index << 1))
    count += popcnt(i16x8.bitmask(i16x8.eq(units, i16x8.splat(SPACE as i16))))
  }
  for (; index < length; index++) count += (load<u16>(UNITS_AT + (index << 1)) == SPACE) as i32
  return count
}

/**
 * Appends the units from `start` to the next `<` or `&`, or to `end`, to the text of `written` units, with white space
 * collapsed. Returns the position of that. `isDue` is 1 if a space belongs before the next word.
 */
export function addUntilMarkup(start: i32, end: i32, written: i32, isDue: i32): i32 {
  let at = start
  let to = written
  let due = isDue
  while (at < end) {
    if (at + 8 <= end) {
      const units = v128.load(UNITS_AT + (at << 1))
      const spaces = i16x8.bitmask(i16x8.eq(units, i16x8.splat(SPACE as i16)))
      // No space follows another one, or begins the text.
      if (!isRare(units) && !(spaces & ((spaces << 1) | due | ((to == 0) as i32)))) {
        to = separate(to, due)
        v128.store(TEXT_AT + (to << 1), units)
        due = spaces >>> 7
        to += 8 - due
        at += 8
        continue
      }
    }
    const stop = min(at + 8, end)
    for (; at < stop; at++) {
      const unit = load<u16>(UNITS_AT + (at << 1))
      const kind = load<u8>(CLASSES_AT + unit)
      if (kind == MARKUP) return told(at, to, due)
      if (kind == WHITE) due = 1
      else {
        to = separate(to, due)
        due = 0
        store<u16>(TEXT_AT + (to << 1), unit)
        to++
      }
    }
  }
  return told(at, to, due)
}

/** Appends a space that is due to a text of `to` units, unless it would be the first. Returns its length. */
function separate(to: i32, due: i32): i32 {
  if (!due || to == 0) return to
  store<u16>(TEXT_AT + (to << 1), SPACE as u16)
  return to + 1
}

/** Leaves the results but one, the position, which it returns. */
function told(at: i32, to: i32, due: i32): i32 {
  store<i32>(WRITTEN_AT, to)
  store<i32>(WRITTEN_AT, due, 4)
  return at
}

/** True if some of eight units may be markup, or white space other than the space. */
function isRare(units: v128): bool {
  const control = i16x8.lt_u(units, i16x8.splat(SPACE as i16))
  const far = i16x8.ge_u(units, i16x8.splat(FIRST_RARE))
  const amp = i16x8.eq(units, i16x8.splat(AMPERSAND as i16))
  const less = i16x8.eq(units, i16x8.splat(LESS as i16))
  const still = i16x8.eq(units, i16x8.splat(NO_BREAK_SPACE))
  return v128.any_true(v128.or(v128.or(v128.or(control, far), v128.or(amp, less)), still))
}
