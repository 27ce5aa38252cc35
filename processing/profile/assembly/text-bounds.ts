import { BOUND_BYTES, GREATEST, LEAST } from '../block-layout'

// A bound is the index of its text in the block and the text's length, 32 bits each, and the text's first bytes.

/** First eight bytes of the bounds, as numbers: most texts differ from them there. */
let leastPrefix: u64 = 0
let greatestPrefix: u64 = 0

/** Compares a text with the bounds of the block. The block's first text becomes both. */
export function boundText(index: i32, start: usize, length: u32): void {
  const prefix = prefixOf(start, length)
  if (index == 0) {
    leastPrefix = greatestPrefix = prefix
    keep(LEAST, index, start, length)
    keep(GREATEST, index, start, length)
  } else if (prefix <= leastPrefix && isLess(start, length, LEAST + 8, load<u32>(LEAST, 4))) {
    leastPrefix = prefix
    keep(LEAST, index, start, length)
  } else if (prefix >= greatestPrefix && isLess(GREATEST + 8, load<u32>(GREATEST, 4), start, length)) {
    greatestPrefix = prefix
    keep(GREATEST, index, start, length)
  }
}

/** Returns the first eight bytes of a text as a number that is less if they are, zeros after a shorter one. */
function prefixOf(start: usize, length: u32): u64 {
  const bytes = bswap(load<u64>(start))
  if (length >= 8) return bytes
  return length == 0 ? 0 : bytes & (u64.MAX_VALUE << (64 - (length << 3)))
}

function keep(bound: usize, index: i32, start: usize, length: u32): void {
  store<i32>(bound, index)
  store<u32>(bound, length, 4)
  memory.copy(bound + 8, start, min(length, BOUND_BYTES))
}

/** True if a text comes before another by the order of their first {@link BOUND_BYTES} bytes. */
function isLess(one: usize, oneLength: u32, other: usize, otherLength: u32): bool {
  const end = min(min(oneLength, otherLength), BOUND_BYTES)
  let at: u32 = 0
  for (; at + 8 <= end; at += 8) {
    const oneBytes = load<u64>(one + at)
    const otherBytes = load<u64>(other + at)
    if (oneBytes != otherBytes) return bswap(oneBytes) < bswap(otherBytes)
  }
  for (; at < end; at++) {
    const difference = (load<u8>(one + at) as i32) - (load<u8>(other + at) as i32)
    if (difference != 0) return difference < 0
  }
  return oneLength < otherLength
}
