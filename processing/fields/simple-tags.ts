const [SLASH, EQUALS, CLOSE] = [...'/=>'].map((character) => character.charCodeAt(0)) as [
  number,
  number,
  number,
]

/**
 * Reads the tags that most HTML is made of: a name, and perhaps attributes whose values stand in quotes. What it cannot
 * read, a tokenizer has to.
 */
export class TagReader {
  /** Of the last tag that was read, as it stands there. */
  name = ''
  isClosing = false
  /** Index behind the last tag that was read. */
  end = 0
  private readonly html: string

  constructor(html: string) {
    this.html = html
  }

  /** Whether a simple tag begins at the `<` at that index. */
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

  /** Index of the `>` behind attributes; -1 where one of them is not simple. */
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

  /** Index behind the value in quotes that begins there; -1 where none does. */
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
/** Letters, digits and hyphens. */
const isWord = (code: number) => isLetter(code) || (code >= 48 && code <= 57) || code === 45
const isBlank = (code: number) => code === 32 || code === 10 || code === 13 || code === 9 || code === 12
