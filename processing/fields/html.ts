import { decodeHTML } from 'entities'
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { OpenElements, type ElementKind } from './open-elements.ts'
import { TagReader } from './simple-tags.ts'

/**
 * Returns the text of an HTML fragment: without tags and comments, entities decoded, white space collapsed to single
 * spaces. Takes time proportional to the length of the fragment, even for hostile HTML.
 */
export function htmlText(html: string): string {
  const collector = new TextCollector(html)
  const readTo = collector.readSimple()
  if (readTo < html.length) tokenize(collector, html.slice(readTo))
  return collapse(collector.found)
}

function tokenize(collector: TextCollector, html: string): void {
  collector.html = html
  const tokenizer = new Tokenizer({}, collector)
  tokenizer.write(html)
  tokenizer.end()
}

const ELEMENTS = new OpenElements()

/** Collects the text that a tokenizer finds. A class, because closures for every text would take twice the time. */
class TextCollector implements TokenizerCallbacks {
  found = ''
  /** The text that positions refer to. */
  html: string
  private readonly elements = ELEMENTS
  private hidden = 0
  /** True if a tag that separates words stands between the text so far and the next piece. */
  private isApart = false
  /** Position of the next unread entity; at the end of the text if there is none, -1 before it is looked for. */
  private nextEntity = -1

  constructor(html: string) {
    this.html = html
    this.elements.begin(this)
  }

  /**
   * Reads text and simple tags without a tokenizer, in a third of its time. Returns the position of the first tag that
   * is not simple, or the end.
   */
  readSimple(): number {
    const { html } = this
    const tag = new TagReader(html)
    for (let at = 0; ;) {
      const next = html.indexOf('<', at)
      this.readText(at, next === -1 ? html.length : next)
      if (next === -1) return html.length
      if (!tag.read(next)) return next
      const kind = this.elements.kindOf(tag.name)
      if (kind.isSpecial) return next
      if (tag.isClosing) this.elements.close(kind)
      else this.elements.open(kind)
      at = tag.end
    }
  }

  private readText(start: number, end: number): void {
    if (this.hidden > 0) return
    let at = start
    if (this.nextEntity < at) this.findEntity(at)
    while (this.nextEntity < end) {
      this.add(this.html.substring(at, this.nextEntity))
      at = this.readEntity(this.nextEntity)
      this.findEntity(at)
    }
    if (at < end) this.add(this.html.substring(at, end))
  }

  private findEntity(start: number): void {
    const found = this.html.indexOf('&', start)
    this.nextEntity = found === -1 ? this.html.length : found
  }

  /** Reads the entity at an ampersand, or text that only looks like one. Returns the position after it. */
  private readEntity(start: number): number {
    let end = start + 1
    while (isOfEntity(this.html.charCodeAt(end))) end++
    if (this.html[end] === ';') end++
    const decoded = decodeHTML(this.html.substring(start, end))
    this.add(decoded)
    return end
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
    this.elements.open(this.elements.kindOf(this.html.substring(start, end)))
  }

  onclosetag(start: number, end: number): void {
    this.elements.close(this.elements.kindOf(this.html.substring(start, end)))
  }

  onselfclosingtag(): void {
    this.elements.closeEmpty()
  }

  isInForeignContext(): boolean {
    return this.elements.areForeign
  }

  ontext(start: number, end: number): void {
    if (this.hidden === 0) this.add(this.html.substring(start, end))
  }

  ontextentity(codePoint: number): void {
    if (this.hidden === 0) this.add(String.fromCodePoint(codePoint))
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

  private add(piece: string): void {
    if (this.isApart && this.found.length > 0) this.found += ' '
    this.found += piece
    this.isApart = false
  }
}

/**
 * Collapses white space. Single spaces, the most frequent case, do not match: replacing them takes longer than looking.
 */
function collapse(found: string): string {
  return found.replace(/[^\S ]\s*| \s+/g, ' ').trim()
}

const HASH = 35

/** True for letters, digits and the number sign. */
function isOfEntity(code: number): boolean {
  return code === HASH || (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122)
}

const SURROGATE_PAIR = /[\ud800-\udbff][\udc00-\udfff]/g

/** Counts Unicode characters: a surrogate pair is one. */
export function countCodePoints(found: string): number {
  return found.replace(SURROGATE_PAIR, ' ').length
}

/**
 * Counts the words of a text, which single spaces must separate. In languages that write no spaces, a whole run is one
 * word.
 */
export function countWords(collapsed: string): number {
  if (collapsed === '') return 0
  let count = 1
  for (let at = collapsed.indexOf(' '); at !== -1; at = collapsed.indexOf(' ', at + 1)) count++
  return count
}
