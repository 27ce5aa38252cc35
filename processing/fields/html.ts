import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { OpenElements, type ElementKind } from './open-elements.ts'

/**
 * The text of an HTML fragment: tags and comments gone, entities decoded, white space collapsed to single spaces. Takes
 * time in proportion to the length of the fragment, whatever is in it.
 */
export function htmlText(html: string): string {
  const collector = new TextCollector(html)
  if (html.includes('<') || html.includes('&')) {
    const tokenizer = new Tokenizer({}, collector)
    tokenizer.write(html)
    tokenizer.end()
  } else {
    collector.ontext(0, html.length)
  }
  return collector.text
}

/** Collects the text that a tokenizer finds. A class: closures for every text would take twice the time. */
class TextCollector implements TokenizerCallbacks {
  /** What was found, white space collapsed. */
  text = ''
  private readonly html: string
  private readonly elements = new OpenElements(this)
  private hidden = 0
  /** Whether white space or a tag stands between what was found and what comes. */
  private isApart = false

  constructor(html: string) {
    this.html = html
  }

  opened(kind: ElementKind): void {
    if (kind.isHidden) this.hidden++
    if (!kind.isInline) this.isApart = true
  }

  closed(kind: ElementKind): void {
    if (kind.isHidden) this.hidden--
    if (!kind.isInline) this.isApart = true
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
    if (this.hidden === 0) this.add(this.html, start, end)
  }

  ontextentity(codePoint: number): void {
    const character = String.fromCodePoint(codePoint)
    if (this.hidden === 0) this.add(character, 0, character.length)
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

  /** Adds text in as large pieces as there are: those between white space that is not a single space. */
  private add(source: string, start: number, end: number): void {
    let from = start
    for (let at = start; at < end; at++) {
      if (!isWhiteSpace(source.charCodeAt(at))) continue
      if (at > from) {
        const isPlain = source.charCodeAt(at) === SPACE && at + 1 < end
        if (isPlain && !isWhiteSpace(source.charCodeAt(at + 1))) continue
        this.append(source.slice(from, at))
      }
      this.isApart = true
      from = at + 1
    }
    if (from < end) this.append(source.slice(from, end))
  }

  private append(piece: string): void {
    this.text += this.isApart && this.text !== '' ? ` ${piece}` : piece
    this.isApart = false
  }
}

const SPACE = 32

/** As `\s` of regular expressions has it: https://tc39.es/ecma262/#prod-WhiteSpace */
function isWhiteSpace(code: number): boolean {
  if (code < 0xa0) return code === SPACE || (code >= 9 && code <= 13)
  if (code < 0x2000) return code === 0xa0 || code === 0x1680
  if (code > 0x205f) return code === 0x3000 || code === 0xfeff
  return code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f
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
