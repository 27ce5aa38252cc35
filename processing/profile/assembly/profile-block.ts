import { HASHES, NUMBERS, PLAIN, RISEN } from '../block-layout'
import { ONE, TWO } from './hash'

export { countFrequent, dropRare } from './frequent'
export { boundLongText, readTexts } from './read-texts'

// Each of these reads a block's PLAIN values, the last ones with what stands behind them, and writes their numbers and
// hashes.

/** Integers of 32 bits. */
export function readInt32(count: i32): void {
  for (let index = 0; index < count; index += 4) {
    const values = v128.load(PLAIN + (index << 2))
    putNumbers(index, f64x2.convert_low_i32x4_s(values), f64x2.convert_low_i32x4_s(upper(values)))
    putHashes(index, values, i32x4.splat(0))
  }
}

/** Integers of 64 bits. */
export function readInt64(count: i32): void {
  for (let index = 0; index < count; index += 4) {
    const at = PLAIN + (index << 3)
    for (let each = 0; each < 32; each += 8)
      store<f64>(NUMBERS + (index << 3) + each, load<i64>(at + each) as f64)
    putWideHashes(index, v128.load(at), v128.load(at, 16))
  }
}

/** Floats of 32 bits. */
export function readFloat(count: i32): void {
  for (let index = 0; index < count; index += 4) {
    // Both zeros are one value.
    const values = f32x4.add(v128.load(PLAIN + (index << 2)), f32x4.splat(0))
    putNumbers(index, f64x2.promote_low_f32x4(values), f64x2.promote_low_f32x4(upper(values)))
    putHashes(index, values, i32x4.splat(0))
  }
}

/** Floats of 64 bits. */
export function readDouble(count: i32): void {
  for (let index = 0; index < count; index += 4) {
    const at = PLAIN + (index << 3)
    const one = f64x2.add(v128.load(at), f64x2.splat(0))
    const two = f64x2.add(v128.load(at, 16), f64x2.splat(0))
    putNumbers(index, one, two)
    putWideHashes(index, one, two)
  }
}

/** Brings the upper half of four lanes down. */
function upper(values: v128): v128 {
  return i64x2.shuffle(values, values, 1, 1)
}

function putNumbers(index: i32, one: v128, two: v128): void {
  v128.store(NUMBERS + (index << 3), one)
  v128.store(NUMBERS + (index << 3), two, 16)
}

function putHashes(index: i32, low: v128, high: v128): void {
  v128.store(HASHES + (index << 2), hashFour(low, high))
}

/** Returns a 32-bit hash of two 32-bit words for each of four lanes, as `hashWords` does for one. */
function hashFour(low: v128, high: v128): v128 {
  const one = i32x4.splat(ONE)
  const two = i32x4.splat(TWO)
  const mixed = i32x4.mul(v128.xor(high, i32x4.shr_u(high, 15)), one)
  let hash = v128.xor(i32x4.mul(v128.xor(low, mixed), two), high)
  hash = i32x4.mul(v128.xor(hash, i32x4.shr_u(hash, 16)), one)
  hash = i32x4.mul(v128.xor(hash, i32x4.shr_u(hash, 13)), two)
  return v128.xor(hash, i32x4.shr_u(hash, 16))
}

/** Puts the hashes of four values of 64 bits. */
function putWideHashes(index: i32, one: v128, two: v128): void {
  putHashes(index, i32x4.shuffle(one, two, 0, 2, 4, 6), i32x4.shuffle(one, two, 1, 3, 5, 7))
}

/**
 * Counts different values by HyperLogLog: raises the registers of a column by the block's hashes. Returns the number of
 * registers that have risen. A hash raises one register at most: its first 15 bits name it, and the place of the first
 * bit that is set in the others, counted from 1, is the rank.
 */
export function raise(registers: usize, count: i32): i32 {
  let risen: usize = RISEN
  for (let index = 0; index < count; index++) {
    const hash = load<u32>(HASHES + (index << 2))
    const rank = clz((hash << 15) | 0x4000) + 1
    const register = hash >> 17
    if ((load<u8>(registers + register) as u32) >= rank) continue
    store<u8>(registers + register, rank)
    store<u32>(risen, (register << 5) | rank)
    risen += 4
  }
  return ((risen - RISEN) >> 2) as i32
}

/** Returns the sum of the block's numbers: four sums side by side, since each addition waits for the one before it. */
export function sum(count: i32): f64 {
  const most = count & ~3
  let first = f64x2.splat(0)
  let second = f64x2.splat(0)
  for (let index = 0; index < most; index += 4) {
    first = f64x2.add(first, v128.load(NUMBERS + (index << 3)))
    second = f64x2.add(second, v128.load(NUMBERS + (index << 3), 16))
  }
  let one = f64x2.extract_lane(first, 0)
  for (let index = most; index < count; index++) one += load<f64>(NUMBERS + (index << 3))
  return one + f64x2.extract_lane(first, 1) + addLanes(second)
}

/** Returns the sum of the squares of the distances from the mean. */
export function squares(count: i32, mean: f64): f64 {
  const most = count & ~3
  const means = f64x2.splat(mean)
  let first = f64x2.splat(0)
  let second = f64x2.splat(0)
  for (let index = 0; index < most; index += 4) {
    const one = f64x2.sub(v128.load(NUMBERS + (index << 3)), means)
    const two = f64x2.sub(v128.load(NUMBERS + (index << 3), 16), means)
    first = f64x2.add(first, f64x2.mul(one, one))
    second = f64x2.add(second, f64x2.mul(two, two))
  }
  let one = f64x2.extract_lane(first, 0)
  for (let index = most; index < count; index++) {
    const distance = load<f64>(NUMBERS + (index << 3)) - mean
    one += distance * distance
  }
  return one + f64x2.extract_lane(first, 1) + addLanes(second)
}

function addLanes(values: v128): f64 {
  return f64x2.extract_lane(values, 0) + f64x2.extract_lane(values, 1)
}
