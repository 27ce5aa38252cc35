// Signed, like their operands: a number beyond 2^31 would make the compiler use floating point.
const ONE = 0x85ebca6b | 0
const TWO = 0xc2b2ae35 | 0
const THREE = 0x27d4eb2f
const FOUR = 0x165667b1

/**
 * Returns a 32-bit hash of two 32-bit words, by the last steps of MurmurHash3. Compiled code has the same hashes, in
 * `assembly/hash.ts`; these are for what it does not read: booleans, integers of more than 8 bytes, very long texts.
 */
export function hashWords(low: number, high: number): number {
  let hash = Math.imul(low ^ Math.imul(high ^ (high >>> 15), ONE), TWO) ^ high
  hash = Math.imul(hash ^ (hash >>> 16), ONE)
  hash = Math.imul(hash ^ (hash >>> 13), TWO)
  return hash ^ (hash >>> 16)
}

/** Returns a 32-bit hash of `length` bytes from `start`. Every byte counts, also in a long text. */
export function hashBytes(view: DataView, start: number, length: number): number {
  if (length < 16) return hashFew(view, start, length)
  let one = length
  let two = ONE
  let three = THREE
  let four = FOUR
  const last = start + length - 16
  let at = start
  for (; at <= last - 32; at += 32) {
    one = (Math.imul(one ^ view.getInt32(at, true), ONE) + view.getInt32(at + 4, true)) | 0
    two = (Math.imul(two ^ view.getInt32(at + 8, true), TWO) + view.getInt32(at + 12, true)) | 0
    three = (Math.imul(three ^ view.getInt32(at + 16, true), THREE) + view.getInt32(at + 20, true)) | 0
    four = (Math.imul(four ^ view.getInt32(at + 24, true), FOUR) + view.getInt32(at + 28, true)) | 0
    one ^= one >>> 15
    two ^= two >>> 13
    three ^= three >>> 14
    four ^= four >>> 12
  }
  for (; at < last; at += 16) {
    one = Math.imul(one ^ view.getInt32(at, true), ONE)
    two = Math.imul(two ^ view.getInt32(at + 4, true), TWO)
    three = Math.imul(three ^ view.getInt32(at + 8, true), THREE)
    four = Math.imul(four ^ view.getInt32(at + 12, true), FOUR)
    one ^= one >>> 15
    two ^= two >>> 13
    three ^= three >>> 14
    four ^= four >>> 12
  }
  // The last sixteen bytes may overlap those before.
  const head = hashWords(one ^ view.getInt32(last, true), two ^ view.getInt32(last + 4, true))
  return hashWords(head ^ three ^ view.getInt32(last + 8, true), four ^ view.getInt32(last + 12, true))
}

function hashFew(view: DataView, start: number, length: number): number {
  if (length >= 8) {
    const end = start + length
    const inner = hashWords(view.getInt32(start, true) ^ length, view.getInt32(start + 4, true))
    return hashWords(inner ^ view.getInt32(end - 8, true), view.getInt32(end - 4, true))
  }
  if (length >= 4)
    return hashWords(view.getInt32(start, true) ^ length, view.getInt32(start + length - 4, true))
  let word = length
  for (let at = 0; at < length; at++) word = (word << 8) | view.getUint8(start + at)
  return hashWords(word, 0)
}
