/** Units up to which memory is kept for the next text: that of a longer one is given back. */
const KEPT = 1 << 17
const SPACE = 32
/** Code units of markup: `&`, `/`, `<` and `>`. */
export const [AMPERSAND, SLASH, LESS, MORE] = [38, 47, 60, 62]

/** Classes of code units: those of words, white space as regular expressions take it, and what begins markup. */
const ORDINARY = 0
const WHITE = 1
const MARKUP = 2
const CLASSES = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  unit === LESS || unit === AMPERSAND ? MARKUP : /\s/.test(String.fromCharCode(unit)) ? WHITE : ORDINARY,
)

/** Memory for the UTF-16 code units of one text after another, where they are read faster than by `charCodeAt`. */
export class UnitMemory {
  #units = new Uint16Array(1 << 12)
  #bytes = Buffer.from(this.#units.buffer)

  /** Returns memory with the units of a text and a zero behind them, until the next call. */
  holding(text: string): Uint16Array {
    const units = this.reserve(text.length + 1)
    this.#bytes.write(text, 'utf16le')
    units[text.length] = 0
    return units
  }

  /** Returns memory for that many units or more, with any content. */
  reserve(length: number): Uint16Array {
    if (length > this.#units.length || this.#units.length > KEPT) {
      this.#units = new Uint16Array(Math.max(length, Math.min(KEPT, 2 * this.#units.length)))
      this.#bytes = Buffer.from(this.#units.buffer)
    }
    return this.#units
  }

  /** Returns the first units as text. */
  text(length: number): string {
    return this.#bytes.toString('utf16le', 0, 2 * length)
  }
}

/** A text in which white space is collapsed as it comes: single spaces between words, none around them. */
export class CollapsedText {
  readonly #memory = new UnitMemory()
  #units = this.#memory.reserve(0)
  #length = 0
  /** True if a space belongs before the next word. */
  #isApart = false

  /** Begins another text of at most `maxUnits` code units. */
  begin(maxUnits: number): void {
    this.#units = this.#memory.reserve(maxUnits)
    this.#length = 0
    this.#isApart = false
  }

  /** Separates what comes next from the text so far. */
  separate(): void {
    this.#isApart = true
  }

  /** Adds the units from `start` to the next `<` or `&`, or to `end`. Returns the position of that. */
  addUntilMarkup(units: Uint16Array, start: number, end: number): number {
    const own = this.#units
    const classes = CLASSES
    let length = this.#length
    let isApart = this.#isApart
    let at = start
    for (; at < end; at++) {
      const unit = units[at]!
      const found = classes[unit]
      if (found === ORDINARY) {
        if (isApart) {
          if (length > 0) own[length++] = SPACE
          isApart = false
        }
        own[length++] = unit
      } else if (found === WHITE) isApart = true
      else break
    }
    this.#length = length
    this.#isApart = isApart
    return at
  }

  /** Adds a text, in which `<` and `&` are characters like any other. */
  add(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (CLASSES[unit] === WHITE) {
        this.#isApart = true
        continue
      }
      if (this.#isApart && this.#length > 0) this.#units[this.#length++] = SPACE
      this.#isApart = false
      this.#units[this.#length++] = unit
    }
  }

  /** Returns the text. */
  take(): string {
    return this.#memory.text(this.#length)
  }
}
