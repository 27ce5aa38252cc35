import { addUntilMarkup, CLASSES, COLLECTED, WRITTEN } from './code-units.ts'
import { MAX_UNITS, SPACE, WHITE } from './units-layout.ts'

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

/** Makes a collector of one text after another. All collectors use the same memory: one text at a time. */
export function collapsedText(): CollapsedText {
  return collectorOf(COLLECTED, CLASSES)
}

function collectorOf(own: Uint16Array<ArrayBuffer>, classes: Uint8Array): CollapsedText {
  const bytes = Buffer.from(own.buffer, own.byteOffset, own.byteLength)
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
      const at = addUntilMarkup(start, end, length, isApart ? 1 : 0)
      length = WRITTEN[0]!
      isApart = WRITTEN[1] === 1
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
