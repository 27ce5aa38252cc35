import { brotliDecompressSync } from 'node:zlib'
import type { TakeNgram, WordRules } from './language-words.ts'

/** Data of a language detector that judges by n-grams of bytes, as `language-table.json` holds them. */
export interface LanguageTable extends Omit<WordRules, 'maxUnits'> {
  /** Origin, authors and licence. */
  readonly source: string
  /** ISO 639-1 codes. */
  readonly languages: readonly string[]
  /**
   * N-grams of at most six letters in their order, compressed with Brotli, in base64. For each: number of letters that
   * it shares with the one before (four bits) and of those that follow (four bits), these letters, number of
   * languages, and for each language its index and score.
   */
  readonly ngrams: string
}

/** Slots of the hash table: more than twice as many as n-grams, so that most are found at once. */
const SLOTS = 1 << 17
/** Bits of an n-gram's letters after the fourth; the position of its scores stands above them. */
const REST_BITS = 9
const REST = (1 << REST_BITS) - 1
/** Bits of a language's index; its score stands above them, and above that a bit that tells the last language. */
const LANGUAGE_BITS = 6
const LAST = 1 << 15
/** The table holds each score less this. */
const LEAST_SCORE = 53

/**
 * Sums the scores of a text's n-grams, each of which counts once. The table is two arrays of numbers: as objects it
 * takes many times the memory, and most of the time of a lookup goes into waiting for it.
 */
export class NgramScores {
  readonly #languages: readonly string[]
  /** Two numbers a slot: the first four letters, then {@link REST} and the position of the scores. */
  readonly #slots = new Int32Array(2 * SLOTS)
  readonly #pairs: Uint16Array
  readonly #scores: Int32Array
  /** Positions of the n-grams that have been counted. */
  readonly #found: number[] = []

  constructor({ languages, ngrams }: LanguageTable) {
    this.#languages = languages
    this.#scores = new Int32Array(languages.length)
    this.#pairs = this.#unpack(brotliDecompressSync(Buffer.from(ngrams, 'base64')))
  }

  /** Counts an n-gram, given as {@link TakeNgram}, unless it has been counted before. */
  readonly add: TakeNgram = (first, rest) => {
    const slots = this.#slots
    let slot = slotOf(first, rest)
    while (slots[slot] !== first || (slots[slot + 1]! & REST) !== rest) {
      if (slots[slot] === 0) return
      slot = (slot + 2) & (2 * SLOTS - 1)
    }
    const position = slots[slot + 1]! >>> REST_BITS
    if (this.#found.includes(position)) return
    this.#found.push(position)
    this.#addScores(position)
  }

  /** Returns the code of the language with the highest score, the first of equal ones; null if none has any. */
  take(): string | null {
    let best: string | null = null
    let highest = 0
    const scores = this.#scores
    for (let index = 0; index < scores.length; index++) {
      if (scores[index]! > highest) {
        highest = scores[index]!
        best = this.#languages[index]!
      }
      scores[index] = 0
    }
    this.#found.length = 0
    return best
  }

  #addScores(position: number): void {
    const [pairs, scores] = [this.#pairs, this.#scores]
    for (let at = position; ; at++) {
      const pair = pairs[at]!
      scores[pair & ((1 << LANGUAGE_BITS) - 1)]! += ((pair & ~LAST) >> LANGUAGE_BITS) + LEAST_SCORE
      if (pair & LAST) return
    }
  }

  /** Fills the slots; returns the scores. */
  #unpack(packed: Buffer): Uint16Array {
    const pairs = new Uint16Array(packed.length >> 1)
    const letters = new Uint8Array(6)
    let count = 0
    for (let at = 0; at < packed.length;) {
      const lengths = packed[at++]!
      const shared = lengths >> 4
      const length = shared + (lengths & 15)
      for (let index = shared; index < 6; index++) letters[index] = index < length ? packed[at++]! : 0
      this.#insert(letters, count)
      for (let languages = packed[at++]!; languages > 0; languages--, at += 2) {
        pairs[count++] = packed[at]! | (packed[at + 1]! << LANGUAGE_BITS) | (languages === 1 ? LAST : 0)
      }
    }
    return pairs.slice(0, count)
  }

  #insert(letters: Uint8Array, position: number): void {
    const first = letters[0]! | (letters[1]! << 8) | (letters[2]! << 16) | (letters[3]! << 24)
    const rest = letters[4]! | (letters[5] === 0 ? 0 : 256)
    let slot = slotOf(first, rest)
    while (this.#slots[slot] !== 0) slot = (slot + 2) & (2 * SLOTS - 1)
    this.#slots[slot] = first
    this.#slots[slot + 1] = rest | (position << REST_BITS)
  }
}

/** Returns the index of the first of the slots in which an n-gram may stand. */
function slotOf(first: number, rest: number): number {
  const hash = Math.imul(first ^ Math.imul(rest, 0x9e3779b1), 0x85ebca6b)
  return ((hash ^ (hash >>> 15)) & (SLOTS - 1)) << 1
}
