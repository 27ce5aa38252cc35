import {
  CHANCE,
  COUNTS,
  FOUND,
  HASHES,
  HAS_CHANGED,
  HAS_MANY,
  MISSED,
  MOST,
  PLACES,
  SIZE,
  SLOTS,
  TABLE,
  VALUE_HASHES,
} from '../block-layout'

/**
 * Counts the values of the block in a column. Once there are many different ones, one of 2^level values is looked at,
 * which counts for all of them.
 */
export function countFrequent(column: usize, count: i32, level: i32): void {
  let index = 0
  while (index < count && load<i32>(column, HAS_MANY) == 0) addOne(column, index++, 1)
  const step = 1 << level
  let chance = load<u32>(column, CHANCE)
  for (; index < count; index += step) {
    chance = xorshift(chance)
    const chosen = index + ((chance as i32) & (step - 1))
    if (chosen < count) addOne(column, chosen, step)
  }
  store<u32>(column, chance, CHANCE)
}

/** Drops the values that were found at most `most` times. */
export function dropRare(column: usize, most: f64): void {
  if (most == 0) return
  store<f64>(column, load<f64>(column, MISSED) + most, MISSED)
  store<i32>(column, 1, HAS_CHANGED)
  memory.fill(column + TABLE, 0, 2 * SLOTS)
  const size = load<i32>(column, SIZE)
  let kept = 0
  for (let entry = 0; entry < size; entry++) {
    const found = load<f64>(column + (entry << 3), COUNTS)
    if (found <= most) continue
    const hash = load<u32>(column + (entry << 2), VALUE_HASHES)
    store<u32>(column + (kept << 2), hash, VALUE_HASHES)
    store<f64>(column + (kept << 3), found, COUNTS)
    store<i32>(column + (kept << 2), load<i32>(column + (entry << 2), FOUND), FOUND)
    store<i32>(column + (kept << 2), load<i32>(column + (entry << 2), PLACES), PLACES)
    let slot = hash & (SLOTS - 1)
    while (load<u16>(column + (slot << 1), TABLE) != 0) slot = (slot + 1) & (SLOTS - 1)
    store<u16>(column + (slot << 1), ++kept, TABLE)
  }
  store<i32>(column, kept, SIZE)
}

function addOne(column: usize, index: i32, weight: i32): void {
  const hash = load<u32>(HASHES + (index << 2))
  let slot = hash & (SLOTS - 1)
  for (let number = load<u16>(column + (slot << 1), TABLE); number != 0;) {
    const entry = (number as usize) - 1
    if (load<u32>(column + (entry << 2), VALUE_HASHES) == hash) {
      store<f64>(column + (entry << 3), load<f64>(column + (entry << 3), COUNTS) + weight, COUNTS)
      return
    }
    slot = (slot + 1) & (SLOTS - 1)
    number = load<u16>(column + (slot << 1), TABLE)
  }
  const size = load<i32>(column, SIZE)
  if (size == MOST) {
    store<i32>(column, 1, HAS_MANY)
    dropHalf(column)
    addOne(column, index, weight)
    return
  }
  store<u16>(column + (slot << 1), size + 1, TABLE)
  store<u32>(column + (size << 2), hash, VALUE_HASHES)
  store<f64>(column + (size << 3), weight, COUNTS)
  store<i32>(column + (size << 2), index, FOUND)
  store<i32>(column, size + 1, SIZE)
  store<i32>(column, 1, HAS_CHANGED)
}

/** Drops about half of the values. Usually nearly all were found once. */
function dropHalf(column: usize): void {
  let once = 0
  for (let entry = 0; entry < MOST; entry++) once += (load<f64>(column + (entry << 3), COUNTS) == 1) as i32
  dropRare(column, once > MOST / 2 ? 1 : middleCount(column))
}

/** Returns the count that would stand in the middle of all if they were sorted. */
function middleCount(column: usize): f64 {
  let entry = 0
  while (true) {
    const count = load<f64>(column + (entry++ << 3), COUNTS)
    let less = 0
    let equal = 0
    for (let other = 0; other < MOST; other++) {
      const found = load<f64>(column + (other << 3), COUNTS)
      less += (found < count) as i32
      equal += (found == count) as i32
    }
    if (less <= MOST / 2 && MOST / 2 < less + equal) return count
  }
}

function xorshift(state: u32): u32 {
  let next = state ^ (state << 13)
  next ^= next >> 17
  return next ^ (next << 5)
}
