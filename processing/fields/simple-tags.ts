const [SLASH, EQUALS, CLOSE] = [...'/=>'].map((character) => character.charCodeAt(0)) as [
  number,
  number,
  number,
]

/**
 * Reads simple HTML tags, which most are: a name, and perhaps attributes with quoted values. Any other tag is left to a
 * tokenizer.
 */
export class TagReader {
  /** Name in the last tag that was read, spelled as there. */
  name = ''
  /** True if the last tag that was read is a closing tag. */
  isClosing = false
  /** Position behind the last tag that was read. */
  end = 0
  private readonly html: string

  constructor(html: string) {
    this.html = html
  }

  /** Reads the tag that begins with the `<` at position `at`. Returns false if the tag is not simple. */
  read(at: number): boolean {
    this.isClosing = this.html.charCodeAt(at + 1) === SLASH
    const start = at + (this.isClosing ? 2 : 1)
    if (!isLetter(this.html.charCodeAt(start))) return false
    const nameEnd = this.skipWord(start)
    const end = this.html.charCodeAt(nameEnd) === CLOSE ? nameEnd : this.endOfAttributes(nameEnd)
    if (end === -1) return false
    this.end = end + 1
    this.name = this.html.substring(start, nameEnd)
    return true
  }

  /** Returns the position of the `>` after attributes; -1 if one of them is not simple. */
  private endOfAttributes(start: number): number {
    if (this.isClosing) return -1
    for (let at = start; ;) {
      at = this.skipBlanks(at)
      const code = this.html.charCodeAt(at)
      if (code === CLOSE) return at
      if (code === SLASH) return this.html.charCodeAt(at + 1) === CLOSE ? at + 1 : -1
      if (at === start) return -1
      const nameEnd = this.skipWord(at)
      if (nameEnd === at) return -1
      at = this.html.charCodeAt(nameEnd) === EQUALS ? this.endOfValue(nameEnd + 1) : nameEnd
      if (at === -1) return -1
    }
  }

  /** Returns the position after the quoted value that begins there; -1 if there is none. */
  private endOfValue(start: number): number {
    const quote = this.html[start]
    return quote === '"' || quote === "'" ? this.html.indexOf(quote, start + 1) + 1 || -1 : -1
  }

  private skipWord(start: number): number {
    let at = start
    while (isWord(this.html.charCodeAt(at))) at++
    return at
  }

  private skipBlanks(start: number): number {
    let at = start
    while (isBlank(this.html.charCodeAt(at))) at++
    return at
  }
}

const isLetter = (code: number) => (code | 32) >= 97 && (code | 32) <= 122
/** True for letters, digits and hyphens. */
const isWord = (code: number) => isLetter(code) || (code >= 48 && code <= 57) || code === 45
const isBlank = (code: number) => code === 32 || code === 10 || code === 13 || code === 9 || code === 12
