import { text } from './text.ts'

/** Bits per counter. */
const PLANES = 16
/** Maximum number of words that are looked at: the counters are full then. */
const MAX_WORDS = 2 ** PLANES - 1

/** Code units of the scripts that have cases, in lower case; 0 for those that belong to no word. */
const FOLDED = Uint16Array.from({ length: 0x2000 }, (_, code) =>
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
  const key = new SimHash()
  let word = 0
  for (let index = 0; index < found.length; index++) {
    const code = found.charCodeAt(index)
    const folded = code < FOLDED.length ? FOLDED[code]! : isOfWord(code) ? code : 0
    if (folded !== 0) {
      word = Math.imul(word ^ folded, 0x01000193) | 1
      continue
    }
    if (word !== 0) key.addWord(word)
    word = 0
    if (isAlone(code)) key.addWord(code)
  }
  if (word !== 0) key.addWord(word)
  return key.bits()
}

/** Number of words whose bits are counted together. */
const BLOCK = 8

class SimHash {
  private words = 0
  private before = 0
  private last = 0
  private readonly low = new Majority()
  private readonly high = new Majority()

  addWord(word: number): void {
    if (this.words === MAX_WORDS) return
    const shingle = Math.imul(Math.imul(this.before, 31) + this.last, 31) + word
    const place = this.words % BLOCK
    this.low.waiting[place] = mixed(shingle)
    this.high.waiting[place] = mixed(shingle ^ 0x9e3779b9)
    this.before = this.last
    this.last = word
    this.words++
    if (place < BLOCK - 1) return
    this.low.addBlock()
    this.high.addBlock()
  }

  /** The key so far; null before the first word. */
  bits(): bigint | null {
    const { words, low, high } = this
    if (words === 0) return null
    return BigInt.asIntN(64, (BigInt(high.bits(words)) << 32n) | BigInt(low.bits(words)))
  }
}

/**
 * Counts for each of 32 bits in how many numbers it is set, for all bits at once: a plane holds one binary digit of
 * every counter. Numbers are added eight at a time, because carrying takes most of the time: the tree of adders of Harley
 * and Seal, described by Muła, Kurz and Lemire (2016, https://arxiv.org/abs/1611.07612).
 */
class Majority {
  /** Numbers that are not counted yet, at most a block. */
  readonly waiting = new Int32Array(BLOCK)
  private readonly planes = new Int32Array(PLANES)

  /** Counts a whole block of waiting numbers. Of three numbers, `a ^ b ^ c` is the sum and `(a & b) | ((a ^ b) & c)` is carried. */
  addBlock(): void {
    const { planes, waiting } = this
    let ones = planes[0]!
    let twos = planes[1]!
    let fours = planes[2]!
    let carriedFours = 0
    for (let at = 0; at < BLOCK; at += 4) {
      const first = ones ^ waiting[at]!
      const two = (ones & waiting[at]!) | (first & waiting[at + 1]!)
      ones = first ^ waiting[at + 1]!
      const second = ones ^ waiting[at + 2]!
      const other = (ones & waiting[at + 2]!) | (second & waiting[at + 3]!)
      ones = second ^ waiting[at + 3]!
      const carriedTwos = twos ^ two
      const four = (twos & two) | (carriedTwos & other)
      twos = carriedTwos ^ other
      if (at === 0) carriedFours = four
      else {
        const sum = fours ^ carriedFours
        this.carry((fours & carriedFours) | (sum & four), 3)
        fours = sum ^ four
      }
    }
    planes[0] = ones
    planes[1] = twos
    planes[2] = fours
  }

  private carry(bits: number, into: number): void {
    const { planes } = this
    for (let plane = into, carried = bits; carried !== 0; plane++) {
      const counted = planes[plane]!
      planes[plane] = counted ^ carried
      carried &= counted
    }
  }

  /**
   * Returns the bits that are set in more than half of the numbers.
   *
   * @param numbers how many have been added
   */
  bits(numbers: number): number {
    for (let place = 0; place < numbers % BLOCK; place++) this.carry(this.waiting[place]!, 0)
    let [more, equal] = [0, -1]
    for (let plane = PLANES - 1; plane >= 0; plane--) {
      const half = (numbers >> 1) & (1 << plane) ? -1 : 0
      const counted = this.planes[plane]!
      more |= equal & counted & ~half
      equal &= ~(counted ^ half)
    }
    return more >>> 0
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
