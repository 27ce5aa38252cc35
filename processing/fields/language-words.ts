import { ALL_UNITS, LOWER_CASE } from './code-units.ts'
import { SPACE } from './units-layout.ts'

/** Maximum number of bytes of a word whose n-grams are looked at. */
const MAX_BYTES = 70
/** Marks of units that separate words, and of those that do so only beside others, as the apostrophe of `don't`. */
const SEPARATOR = 0
const APOSTROPHE = 1
const APOSTROPHES = `'\`\u2019`
/** Capital letters whose lower case is two characters, or depends on what stands around them. */
const UNUSUAL = /[\u0130\u03a3]/

/** Rules by which a text becomes words of bytes. */
export interface WordRules {
  /** Maximum number of UTF-16 code units of a text. */
  readonly maxUnits: number
  /** Source of the regular expression, with the flag `u`, of what separates words. */
  readonly separators: string
  /** The letter that stands for each byte of UTF-8, unless it is ASCII. */
  readonly letterOfByte: string
}

/**
 * Receives an n-gram: its first four letters, the first one in the lowest byte, with zeros after a shorter one; then its
 * fifth letter, and 256 more if there is a sixth.
 */
export type TakeNgram = (first: number, rest: number) => void

/**
 * Finds the n-grams of texts in one pass, as eld does in several: a word's letters are the bytes of its UTF-8 in lower
 * case; an n-gram has four of them, and begins at every third; a space stands before the first one and behind the last
 * one of a word. https://github.com/nitotm/efficient-language-detector-js
 */
export class WordNgrams {
  readonly #separators: RegExp
  readonly #letterOfByte: Buffer
  readonly #take: TakeNgram
  /** Lower case of each code unit, or a mark. */
  readonly #units: Uint16Array
  /** A space, the letters of a word, a space and two zeros. */
  readonly #letters: Uint8Array
  #length = 0

  constructor({ maxUnits, separators, letterOfByte }: WordRules, take: TakeNgram) {
    this.#separators = new RegExp(separators, 'gu')
    this.#letterOfByte = Buffer.from(letterOfByte, 'latin1')
    this.#take = take
    this.#units = unitsOf(this.#separators)
    // Three bytes a unit; a capital may become two.
    this.#letters = new Uint8Array(6 * maxUnits + 4)
    this.#letters[0] = SPACE
  }

  /** Passes on the n-grams of a text, in their order and with duplicates. */
  read(text: string): void {
    if (UNUSUAL.test(text)) return this.#readUnusual(text)
    const units = this.#units
    let apostrophes = 0
    for (let index = 0; index < text.length; index++) {
      const unit = units[text.charCodeAt(index)]!
      if (unit === APOSTROPHE) apostrophes++
      else if (unit === SEPARATOR) {
        apostrophes = 0
        this.#endWord()
      } else {
        for (; apostrophes > 0; apostrophes--) this.#put(text.charCodeAt(index - apostrophes))
        this.#put(unit)
      }
    }
    for (; apostrophes > 0; apostrophes--) this.#put(text.charCodeAt(text.length - apostrophes))
    this.#endWord()
  }

  #readUnusual(text: string): void {
    const words = text.replace(this.#separators, ' ').toLowerCase()
    for (let index = 0; index < words.length; index++) {
      const unit = words.charCodeAt(index)
      if (unit === SPACE) this.#endWord()
      else this.#put(unit)
    }
    this.#endWord()
  }

  #put(unit: number): void {
    const letters = this.#letters
    if (unit < 0x80) {
      letters[++this.#length] = unit
      return
    }
    const letterOf = this.#letterOfByte
    if (unit < 0x800) letters[++this.#length] = letterOf[0xc0 | (unit >> 6)]!
    else {
      letters[++this.#length] = letterOf[0xe0 | (unit >> 12)]!
      letters[++this.#length] = letterOf[0x80 | ((unit >> 6) & 0x3f)]!
    }
    letters[++this.#length] = letterOf[0x80 | (unit & 0x3f)]!
  }

  #endWord(): void {
    const length = this.#length
    if (length === 0) return
    this.#length = 0
    const letters = this.#letters
    letters[length + 1] = SPACE
    letters[length + 2] = letters[length + 3] = 0
    if (length <= 4) return this.#takeAt(0, length + 2)
    this.#takeAt(0, 5)
    const end = Math.min(length, MAX_BYTES)
    for (let at = 4; at + 3 < end; at += 3) this.#takeAt(at, 4)
    if (length === end) this.#takeAt(length - 3, 5)
  }

  #takeAt(at: number, length: number): void {
    const letters = this.#letters
    const first = letters[at]! | (letters[at + 1]! << 8) | (letters[at + 2]! << 16) | (letters[at + 3]! << 24)
    this.#take(first, length < 5 ? 0 : letters[at + 4]! | (length === 6 ? 256 : 0))
  }
}

function unitsOf(separators: RegExp): Uint16Array {
  const units = LOWER_CASE.slice()
  for (const { index, 0: found } of ALL_UNITS.matchAll(separators))
    units.fill(SEPARATOR, index, index + found.length)
  for (const apostrophe of APOSTROPHES) units[apostrophe.charCodeAt(0)] = APOSTROPHE
  return units
}
