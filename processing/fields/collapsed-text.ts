import { ALL_UNITS, UNITS } from './code-units.ts'
import { MAX_UNITS } from './units-layout.ts'

/** Code units of the space, and of markup: `&`, `/`, `<` and `>`. */
export const [SPACE, AMPERSAND, SLASH, LESS, MORE] = [32, 38, 47, 60, 62]

/** Classes of code units: those of words, white space as regular expressions take it, and what begins markup. */
const ORDINARY = 0
const WHITE = 1
const MARKUP = 2
const CLASSES = new Uint8Array(0x10000)
for (const { index } of ALL_UNITS.matchAll(/\s/g)) CLASSES[index] = WHITE
CLASSES[LESS] = CLASSES[AMPERSAND] = MARKUP

/** A text in which white space is collapsed as it comes: single spaces between words, none around them. */
export interface CollapsedText {
  /** Begins another text. */
  begin(): void
  /** Separates what comes next from the text so far. */
  separate(): void
  /**
   * Adds the loaded units, of which none has been added before, from `start` to the next `<` or `&`, or to `end`.
   * Returns the position of that.
   */
  addUntilMarkup(start: number, end: number): number
  /** Adds a text, in which `<` and `&` are characters like any other. */
  add(text: string): void
  /** Returns the text. */
  take(): string
}

/** Makes a collector of one text after another. */
export function collapsedText(): CollapsedText {
  return collectorOf(UNITS, CLASSES, new Uint16Array(MAX_UNITS + 1))
}

function collectorOf(units: Uint16Array, classes: Uint8Array, own: Uint16Array<ArrayBuffer>): CollapsedText {
  const bytes = Buffer.from(own.buffer)
  /** The text so far, but for the last `length` units. */
  let before = ''
  let length = 0
  /** True if a space belongs before the next word. */
  let isApart = false

  return {
    begin() {
      before = ''
      length = 0
      isApart = false
    },
    separate() {
      isApart = true
    },
    addUntilMarkup(start, end) {
      let to = length
      let isSpace = isApart
      let at = start
      for (; at < end; at++) {
        const unit = units[at]!
        const found = classes[unit]
        if (found === ORDINARY) {
          if (isSpace) {
            if (to > 0) own[to++] = SPACE
            isSpace = false
          }
          own[to++] = unit
        } else if (found === WHITE) isSpace = true
        else break
      }
      length = to
      isApart = isSpace
      return at
    },
    add(text) {
      for (let index = 0; index < text.length; index++) {
        const unit = text.charCodeAt(index)
        if (classes[unit] === WHITE) {
          isApart = true
          continue
        }
        if (length >= MAX_UNITS) moveOut()
        if (isApart && length > 0) own[length++] = SPACE
        isApart = false
        own[length++] = unit
      }
    },
    take: () => before + bytes.toString('utf16le', 0, 2 * length),
  }

  /** Makes room, but keeps a unit that tells that there is something before. */
  function moveOut(): void {
    before += bytes.toString('utf16le', 0, 2 * (length - 1))
    own[0] = own[length - 1]!
    length = 1
  }
}
