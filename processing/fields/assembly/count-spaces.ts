import { UNITS_AT } from '../units-layout'

const SPACE: i16 = 32

/** Counts the spaces among the first `length` code units. */
export function countSpaces(length: i32): i32 {
  let count = 0
  let index = 0
  for (; index + 8 <= length; index += 8) {
    const units = v128.load(UNITS_AT + (index << 1))
    count += popcnt(i16x8.bitmask(i16x8.eq(units, i16x8.splat(SPACE))))
  }
  for (; index < length; index++) count += (load<u16>(UNITS_AT + (index << 1)) == SPACE) as i32
  return count
}
