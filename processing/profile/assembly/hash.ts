/** Factor of hashes, as is the next. */
export const ONE: u32 = 0x85ebca6b
export const TWO: u32 = 0xc2b2ae35
const THREE: u32 = 0x27d4eb2f
const FOUR: u32 = 0x165667b1

/** Returns a 32-bit hash of two 32-bit words, as `hashWords` does. */
export function hashWords(low: u32, high: u32): u32 {
  let hash = ((low ^ ((high ^ (high >> 15)) * ONE)) * TWO) ^ high
  hash = (hash ^ (hash >> 16)) * ONE
  hash = (hash ^ (hash >> 13)) * TWO
  return hash ^ (hash >> 16)
}

/** Returns a 32-bit hash of bytes, as `hashBytes` does. */
export function hashBytes(start: usize, length: u32): u32 {
  if (length < 16) return hashFew(start, length)
  let one = length
  let two = ONE
  let three = THREE
  let four = FOUR
  const last = start + length - 16
  let at = start
  for (; at + 32 <= last; at += 32) {
    one = (one ^ load<u32>(at)) * ONE + load<u32>(at, 4)
    two = (two ^ load<u32>(at, 8)) * TWO + load<u32>(at, 12)
    three = (three ^ load<u32>(at, 16)) * THREE + load<u32>(at, 20)
    four = (four ^ load<u32>(at, 24)) * FOUR + load<u32>(at, 28)
    one ^= one >> 15
    two ^= two >> 13
    three ^= three >> 14
    four ^= four >> 12
  }
  for (; at < last; at += 16) {
    one = (one ^ load<u32>(at)) * ONE
    two = (two ^ load<u32>(at, 4)) * TWO
    three = (three ^ load<u32>(at, 8)) * THREE
    four = (four ^ load<u32>(at, 12)) * FOUR
    one ^= one >> 15
    two ^= two >> 13
    three ^= three >> 14
    four ^= four >> 12
  }
  const head = hashWords(one ^ load<u32>(last), two ^ load<u32>(last, 4))
  return hashWords(head ^ three ^ load<u32>(last, 8), four ^ load<u32>(last, 12))
}

function hashFew(start: usize, length: u32): u32 {
  const end = start + length
  if (length >= 8) {
    const inner = hashWords(load<u32>(start) ^ length, load<u32>(start, 4))
    return hashWords(inner ^ load<u32>(end - 8), load<u32>(end - 4))
  }
  if (length >= 4) return hashWords(load<u32>(start) ^ length, load<u32>(end - 4))
  let word = length
  for (let at = start; at < end; at++) word = (word << 8) | load<u8>(at)
  return hashWords(word, 0)
}
