import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { OpenElements } from './open-elements.ts'

/** Elements that run on within a line: any other tag separates words. */
const INLINE = new Set([
  'a',
  'abbr',
  'b',
  'em',
  'font',
  'i',
  'mark',
  's',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'u',
])
/** Elements whose text nobody reads. */
const HIDDEN = new Set(['script', 'style', 'template', 'noscript'])

/**
 * The text of an HTML fragment: tags and comments gone, entities decoded, white space collapsed to single spaces. Takes
 * time in proportion to the length of the fragment, whatever is in it.
 */
export function htmlText(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return collapse(html)
  const collector = new TextCollector(html)
  const tokenizer = new Tokenizer({}, collector)
  tokenizer.write(html)
  tokenizer.end()
  return collapse(collector.found.join(''))
}

/** Collects the pieces of text that a tokenizer finds. A class: closures for every text would take twice the time. */
class TextCollector implements TokenizerCallbacks {
  readonly found: string[] = []
  private readonly html: string
  private readonly elements = new OpenElements(this)
  private hidden = 0

  constructor(html: string) {
    this.html = html
  }

  opened(name: string): void {
    if (HIDDEN.has(name)) this.hidden++
    if (!INLINE.has(name)) this.found.push(' ')
  }

  closed(name: string): void {
    if (HIDDEN.has(name)) this.hidden--
    if (!INLINE.has(name)) this.found.push(' ')
  }

  onopentagname(start: number, end: number): void {
    this.elements.open(this.html.slice(start, end).toLowerCase())
  }

  onclosetag(start: number, end: number): void {
    this.elements.close(this.html.slice(start, end).toLowerCase())
  }

  onselfclosingtag(): void {
    this.elements.closeEmpty()
  }

  isInForeignContext(): boolean {
    return this.elements.areForeign
  }

  ontext(start: number, end: number): void {
    if (this.hidden === 0) this.found.push(this.html.slice(start, end))
  }

  ontextentity(codePoint: number): void {
    if (this.hidden === 0) this.found.push(String.fromCodePoint(codePoint))
  }

  oncdata(start: number, end: number, endOffset: number): void {
    if (this.elements.areForeign) this.ontext(start, end - endOffset)
  }

  onattribdata(): void {}
  onattribend(): void {}
  onattribentity(): void {}
  onattribname(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onend(): void {}
  onopentagend(): void {}
  onprocessinginstruction(): void {}
}

function collapse(found: string): string {
  return found.replace(/\s+/g, ' ').trim()
}

/** Characters as Unicode counts them: a pair of surrogates is one. */
export function countCodePoints(found: string): number {
  let count = found.length
  for (let index = 0; index < found.length - 1; index++) {
    const unit = found.charCodeAt(index)
    if (unit >= 0xd800 && unit < 0xdc00 && (found.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      count--
      index++
    }
  }
  return count
}

/** Words of text whose white space is collapsed. Languages that write none count as one word a run. */
export function countWords(collapsed: string): number {
  if (collapsed === '') return 0
  let count = 1
  for (let at = collapsed.indexOf(' '); at !== -1; at = collapsed.indexOf(' ', at + 1)) count++
  return count
}
