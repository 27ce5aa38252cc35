import { decodeHTML } from 'entities'
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { countSpaces, loadUnits, UNITS } from './code-units.ts'
import { AMPERSAND, LESS, MAX_UNITS, MORE, SLASH } from './units-layout.ts'
import { collapsedText } from './collapsed-text.ts'
import { OpenElements, type ElementKind } from './open-elements.ts'
import { TagReader } from './simple-tags.ts'

/**
 * Returns the text of an HTML fragment: without tags and comments, entities decoded, white space collapsed to single
 * spaces. Takes time proportional to the length of the fragment, even for hostile HTML.
 */
export function htmlText(html: string): string {
  const collector = new TextCollector(html)
  const readTo = html.length > MAX_UNITS ? 0 : collector.readSimple()
  if (readTo < html.length) tokenize(collector, html.slice(readTo))
  return collector.text.take()
}

function tokenize(collector: TextCollector, html: string): void {
  collector.html = html
  const tokenizer = new Tokenizer({}, collector)
  tokenizer.write(html)
  tokenizer.end()
}

const ELEMENTS = new OpenElements()
const TAGS = new TagReader()
const TEXT = collapsedText()

/** Collects the text that a tokenizer finds. A class, because closures for every text would take twice the time. */
class TextCollector implements TokenizerCallbacks {
  readonly text = TEXT
  /** The text that positions refer to. */
  html: string
  private readonly elements = ELEMENTS
  private hidden = 0

  constructor(html: string) {
    this.html = html
    this.elements.begin(this)
    this.text.begin()
  }

  /**
   * Reads text and simple tags without a tokenizer, in a fraction of its time. Returns the position of the first tag
   * that is not simple, or the end.
   */
  readSimple(): number {
    const { html } = this
    const tag = TAGS
    tag.begin(loadUnits(html))
    for (let at = 0; at < html.length;) {
      at = this.hidden > 0 ? nextTag(at, html.length) : this.text.addUntilMarkup(at, html.length)
      if (at === html.length) break
      if (UNITS[at] === AMPERSAND) {
        at = this.readEntity(at)
        continue
      }
      if (!tag.read(at)) return at
      const kind = this.elements.kindAt(html, tag.nameStart, tag.nameEnd)
      const end = kind.isSpecial ? this.endOfHidden(kind) : tag.end
      if (end === -1) return at
      if (!tag.isClosing) this.elements.open(kind)
      if (tag.isClosing || kind.isSpecial) this.elements.close(kind)
      at = end
    }
    return html.length
  }

  /**
   * Returns the position after the script or style that the last tag opens, whose content has no tags; -1 if its end is
   * not simple, or if the tag is another one.
   */
  private endOfHidden(kind: ElementKind): number {
    const { length } = this.html
    if (!kind.isHidden || TAGS.isClosing || TAGS.isEmpty || this.elements.areForeign) return -1
    for (let at = nextTag(TAGS.end, length); at < length; at = nextTag(at + 1, length)) {
      const end = at + 2 + kind.name.length
      if (UNITS[at + 1] === SLASH && kind.isNamed(at + 2, end)) return UNITS[end] === MORE ? end + 1 : -1
    }
    return -1
  }

  /** Reads the entity at an ampersand, or text that only looks like one. Returns the position after it. */
  private readEntity(start: number): number {
    let end = start + 1
    while (isOfEntity(this.html.charCodeAt(end))) end++
    if (this.html[end] === ';') end++
    this.text.add(decoded(this.html.substring(start, end)))
    return end
  }

  opened(kind: ElementKind): void {
    if (kind.isHidden) this.hidden++
    if (!kind.isInline) this.text.separate()
  }

  closed(kind: ElementKind): void {
    if (kind.isHidden) this.hidden--
    if (!kind.isInline) this.text.separate()
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
    // At -1 begins the rest of a closing tag that has no end.
    if (this.hidden === 0 && start >= 0) this.text.add(this.html.substring(start, end))
  }

  ontextentity(codePoint: number): void {
    if (this.hidden === 0) this.text.add(String.fromCodePoint(codePoint))
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

/** Entities that were decoded: most texts have the same few. */
const DECODED = new Map<string, string>()
const MAX_DECODED = 1000

function decoded(entity: string): string {
  const known = DECODED.get(entity)
  if (known !== undefined) return known
  const found = decodeHTML(entity)
  if (DECODED.size === MAX_DECODED) DECODED.clear()
  // A text that is no entity may be of any length.
  if (entity.length < 32) DECODED.set(entity, found)
  return found
}

/** Returns the position of the next `<`, or `end`. */
function nextTag(start: number, end: number): number {
  let at = start
  while (at < end && UNITS[at] !== LESS) at++
  return at
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
  let spaces = 0
  for (let start = 0; start < collapsed.length;) {
    const length = loadUnits(start === 0 ? collapsed : collapsed.slice(start))
    spaces += countSpaces(length)
    start += length
  }
  return spaces + 1
}
