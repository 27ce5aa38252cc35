import { UnitMemory } from './collapsed-text.ts'
import { text } from './text.ts'

/** Bits per counter. */
const PLANES = 16
/** Maximum number of words that are looked at: the counters are full then. */
const MAX_WORDS = 2 ** PLANES - 1

/** Code units in lower case; 0 for those that belong to no word. */
const FOLDED = Uint16Array.from({ length: 0x10000 }, (_, code) =>
  isOfWord(code) ? String.fromCharCode(code).toLowerCase().charCodeAt(0) : 0,
)

/**
 * Returns a 64-bit key by which near-duplicates are found: keys of nearly equal texts differ in few bits. It is the
 * SimHash of the text's words, three at a time (Charikar 2002, https://doi.org/10.1145/509907.509965). Case and
 * punctuation make no difference. One changed word in a hundred changes a few bits, while the keys of unrelated texts
 * differ in about 32. Athena counts differing bits with `bit_count(bitwise_xor(a, b), 64)`. Null if the value holds no
 * words.
 */
export function nearDuplicateKey(value: unknown): bigint | null {
  const found = text(value)
  if (found === null) return null
  const words = hashShingles(found)
  if (words === 0) return null
  HALVES[0] = majority(words, LOW)
  HALVES[1] = majority(words, HIGH)
  return KEY[0]!
}

const KEY = new BigInt64Array(1)
/** The lower and the upper half of {@link KEY}. */
const HALVES = new Int32Array(KEY.buffer)

const UNITS = new UnitMemory()
/** A hash for each word; then for each word with the two before it. */
const SHINGLES = new Int32Array(MAX_WORDS)

/** Fills {@link SHINGLES} with those of a text; returns how many there are. */
function hashShingles(found: string): number {
  const count = hashWords(found)
  for (let at = count - 1; at > 0; at--) {
    const before = at === 1 ? 0 : Math.imul(SHINGLES[at - 2]!, 31)
    SHINGLES[at] = Math.imul(before + SHINGLES[at - 1]!, 31) + SHINGLES[at]!
  }
  return count
}

function hashWords(found: string): number {
  // As constants of the module they are loaded anew for each character: a tenth of the time.
  const units = UNITS.holding(found)
  const shingles = SHINGLES
  const foldedUnits = FOLDED
  let count = 0
  // The zero behind the text ends the last word.
  for (let index = 0; index < found.length && count < MAX_WORDS; index++) {
    let folded = foldedUnits[units[index]!]!
    if (folded !== 0) {
      let word = 0
      do {
        word = Math.imul(word ^ folded, 0x01000193) | 1
        folded = foldedUnits[units[++index]!]!
      } while (folded !== 0)
      shingles[count++] = word
    }
    if (isAlone(units[index]!) && count < MAX_WORDS) shingles[count++] = units[index]!
  }
  return count
}

/** Mixed into the hashes of the lower and the upper half of the key. */
const LOW = 0
const HIGH = 0x9e3779b9
const COUNTED = new Int32Array(PLANES)

/**
 * Returns the bits that are set in more than half of the shingles' mixed hashes. Counts for each of 32 bits in how many
 * it is set, for all bits at once: a plane holds one binary digit of every counter. Hashes are added eight at a time,
 * because carrying takes most of the time: the tree of adders of Harley and Seal, described by Muła, Kurz and Lemire
 * (2016, https://arxiv.org/abs/1611.07612).
 */
function majority(count: number, half: number): number {
  const planes = COUNTED.fill(0)
  let at = 0
  for (; at + 8 <= count; at += 8) addEight(planes, at, half)
  for (; at < count; at++) carry(planes, mixed(SHINGLES[at]! ^ half), 0)
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

/** Adds eight hashes. Of three numbers, `a ^ b ^ c` is the sum and `(a & b) | ((a ^ b) & c)` is carried. */
function addEight(planes: Int32Array, from: number, half: number): void {
  let ones = planes[0]!
  let twos = planes[1]!
  let carriedFours = 0
  for (let at = from; at < from + 8; at += 4) {
    const a = mixed(SHINGLES[at]! ^ half)
    const b = mixed(SHINGLES[at + 1]! ^ half)
    const c = mixed(SHINGLES[at + 2]! ^ half)
    const d = mixed(SHINGLES[at + 3]! ^ half)
    const first = ones ^ a
    const two = (ones & a) | (first & b)
    ones = first ^ b
    const second = ones ^ c
    const other = (ones & c) | (second & d)
    ones = second ^ d
    const sum = twos ^ two
    const carried = (twos & two) | (sum & other)
    twos = sum ^ other
    if (at === from) carriedFours = carried
    else {
      const fours = planes[2]!
      const rest = fours ^ carriedFours
      carry(planes, (fours & carriedFours) | (rest & carried), 3)
      planes[2] = rest ^ carried
    }
  }
  planes[0] = ones
  planes[1] = twos
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
