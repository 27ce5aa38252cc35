import { loadUnits, LOWER_CASE, UNITS } from './code-units.ts'
import { int64Of } from './int64.ts'
import { text } from './text.ts'

/** Bits per counter. */
const PLANES = 16
/** Maximum number of words that are looked at: the counters are full then. */
const MAX_WORDS = 2 ** PLANES - 1

/** Code units, those of most scripts that have cases in lower case; 0 for those that belong to no word. */
const FOLDED = LOWER_CASE.map((lower, code) => (isOfWord(code) ? (code < 0x2000 ? lower : code) : 0))

/**
 * Returns a 64-bit key by which near-duplicates are found: keys of nearly equal texts differ in few bits. It is the
 * SimHash of the text's words, three at a time (Charikar 2002, https://doi.org/10.1145/509907.509965). Case and
 * punctuation make no difference. One changed word in a hundred changes a few bits, while the keys of unrelated texts
 * differ in about 32. Athena counts differing bits with `bit_count(bitwise_xor(a, b), 64)`. Looks at the first million
 * characters. Null if the value holds no words.
 */
export function nearDuplicateKey(value: unknown): bigint | null {
  const found = text(value)
  if (found === null) return null
  const words = hashShingles(found)
  return words === 0 ? null : int64Of(majority(words, HIGH), majority(words, LOW))
}

/** A hash for each word with the two before it. */
const SHINGLES = new Int32Array(MAX_WORDS)

const hashShingles = shingleHasher(UNITS, FOLDED, SHINGLES)
const majority = majorityOf(SHINGLES)

/**
 * Makes a function that fills `hashes` with those of each word of a text with the two before it, and returns how many
 * there are. Looks at no more than can be loaded.
 */
function shingleHasher(
  units: Uint16Array,
  folded: Uint16Array,
  hashes: Int32Array,
): (found: string) => number {
  return (found) => {
    const length = loadUnits(found)
    let count = 0
    let before = 0
    let last = 0
    for (let index = 0; index < length && count < MAX_WORDS; index++) {
      let unit = folded[units[index]!]!
      if (unit !== 0) {
        let word = 0
        // The zero behind the units ends the last word.
        do {
          word = Math.imul(word ^ unit, 0x01000193) | 1
          unit = folded[units[++index]!]!
        } while (unit !== 0)
        hashes[count++] = Math.imul(Math.imul(before, 31) + last, 31) + word
        before = last
        last = word
      }
      const alone = units[index]!
      if (isAlone(alone) && count < MAX_WORDS) {
        hashes[count++] = Math.imul(Math.imul(before, 31) + last, 31) + alone
        before = last
        last = alone
      }
    }
    return count
  }
}

/** Mixed into the hashes of the lower and the upper half of the key. */
const LOW = 0
const HIGH = 0x9e3779b9
const COUNTED = new Int32Array(PLANES)

/**
 * Makes a function that returns the bits that are set in more than half of the first `count` shingles' mixed hashes.
 * Counts for each of 32 bits in how many it is set, for all bits at once: a plane holds one binary digit of every
 * counter. Hashes are added eight at a time, because carrying takes most of the time: the tree of adders of Harley and
 * Seal, described by Muła, Kurz and Lemire (2016, https://arxiv.org/abs/1611.07612). Of three numbers, `a ^ b ^ c` is
 * the sum and `(a & b) | ((a ^ b) & c)` is carried.
 */
function majorityOf(shingles: Int32Array): (count: number, half: number) => number {
  return (count, half) => {
    const planes = COUNTED.fill(0)
    let ones = 0
    let twos = 0
    let at = 0
    for (; at + 8 <= count; at += 8) {
      let carriedFours = 0
      for (let four = at; four < at + 8; four += 4) {
        const a = mixed(shingles[four]! ^ half)
        const b = mixed(shingles[four + 1]! ^ half)
        const c = mixed(shingles[four + 2]! ^ half)
        const d = mixed(shingles[four + 3]! ^ half)
        const first = ones ^ a
        const two = (ones & a) | (first & b)
        ones = first ^ b
        const second = ones ^ c
        const other = (ones & c) | (second & d)
        ones = second ^ d
        const sum = twos ^ two
        const carried = (twos & two) | (sum & other)
        twos = sum ^ other
        if (four === at) carriedFours = carried
        else {
          const fours = planes[2]!
          const rest = fours ^ carriedFours
          carry(planes, (fours & carriedFours) | (rest & carried), 3)
          planes[2] = rest ^ carried
        }
      }
    }
    planes[0] = ones
    planes[1] = twos
    for (; at < count; at++) carry(planes, mixed(shingles[at]! ^ half), 0)
    return moreThanHalf(planes, count)
  }
}

function moreThanHalf(planes: Int32Array, count: number): number {
  let more = 0
  let equal = -1
  for (let plane = PLANES - 1; plane >= 0; plane--) {
    const most = (count >> 1) & (1 << plane) ? -1 : 0
    const counted = planes[plane]!
    more |= equal & counted & ~most
    equal &= ~(counted ^ most)
  }
  return more
}

function carry(planes: Int32Array, bits: number, into: number): void {
  for (let plane = into, carried = bits; carried !== 0; plane++) {
    const counted = planes[plane]!
    planes[plane] = counted ^ carried
    carried &= counted
  }
}

/** Mixes a number by the last step of MurmurHash3, after which each bit depends on all of them. */
function mixed(number: number): number {
  let bits = number ^ (number >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

/** True for kana and ideographs, each of which counts as a word. */
function isAlone(code: number): boolean {
  return code >= 0x3040 && code < 0xa000
}

/** True for letters and digits of scripts that separate words, approximately. */
function isOfWord(code: number): boolean {
  if (code < 0x80) return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122)
  if (code < 0x2000) return code >= 0xc0 && code !== 0xd7 && code !== 0xf7
  return (code >= 0x2c00 && code < 0x2e00) || (code >= 0xa000 && code < 0xd800)
}
