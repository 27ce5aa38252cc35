import { UNITS } from './code-units.ts'

const words = (text: string) => new Set(text.split(' '))

/** Elements without content and without a closing tag. */
const VOID = words(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr',
)
const FOREIGN = words('math svg')
/** Elements of SVG and MathML whose content is HTML again. */
const HTML_INTEGRATION_POINTS = words('annotation-xml desc foreignobject mi mn mo ms mtext title')
/** Elements that do not interrupt a line: the tags of any other separate words. */
const INLINE = words('a abbr b em font i mark s small span strong sub sup u')
/** Elements whose text nobody sees. */
const HIDDEN = words('script style template noscript')

/** Elements whose content is not HTML, and those of other languages. */
const SPECIAL = words('script style title textarea iframe noembed noframes plaintext xmp svg math')

const HEADINGS = 'h1 h2 h3 h4 h5 h6'
const FIELDS = 'select input output button datalist textarea'
const BLOCKS =
  'address article aside blockquote details div dl fieldset figcaption figure footer form header hr main nav ol p ' +
  'pre section table ul'
/** Tags that close the element around them, if it is one of these. */
const CLOSERS: readonly (readonly [tags: string, closed: string])[] = [
  [BLOCKS, 'p'],
  [HEADINGS, `${HEADINGS} p`],
  ['li', 'li'],
  ['dd dt', 'dd dt'],
  ['tr', 'tr th td'],
  ['th', 'th'],
  ['td', 'thead th td'],
  ['tbody tfoot', 'thead tbody'],
  ['a', 'a'],
  ['rt rp', 'rt rp'],
  ['option', 'option'],
  ['optgroup', 'optgroup option'],
  [FIELDS, 'input option optgroup select button datalist textarea'],
  ['body', 'head link script'],
]
/** A bit for each element that another's tag closes. */
const BITS = new Map(
  [...new Set(CLOSERS.flatMap(([, closed]) => closed.split(' ')))].map((name, index) => [name, 1 << index]),
)
const CLOSED_BY = new Map(
  CLOSERS.flatMap(([tags, closed]) => tags.split(' ').map((tag) => [tag, bitsOf(closed)])),
)

/** Kinds that are kept for the next text. HTML has 150 tags; a hostile text as many as it likes. */
const MAX_KINDS = 1000
/** Slots for kinds that are found by a hash of their name. */
const SLOTS = 256

/** Bit of a lower-case letter; digits and hyphens have it as well. */
const LOWER = 32

/** Properties that all HTML elements of one name share. */
export class ElementKind {
  /** In lower case. */
  readonly name: string
  /** True if its tags do not separate words. */
  readonly isInline: boolean
  /** True if nobody sees the text in it, as in a script. */
  readonly isHidden: boolean
  /** True if it has neither content nor a closing tag. */
  readonly isVoid: boolean
  /** True if its content is SVG or MathML. */
  readonly isForeign: boolean
  /** True for an element of SVG or MathML whose content is HTML again. */
  readonly isHtmlIntegrationPoint: boolean
  /** True for a form, which cannot stand in another one. */
  readonly isForm: boolean
  /** True if its content must be read by a tokenizer, because other rules apply to it. */
  readonly isSpecial: boolean
  /** Bit of its name; 0 if no other element's tag closes it. */
  readonly bit: number
  /** Bits of the elements that its opening tag closes if one of them is the innermost. */
  readonly closes: number
  /** Number of these elements that are open now. */
  open = 0

  constructor(name: string) {
    this.name = name
    this.isInline = INLINE.has(name)
    this.isHidden = HIDDEN.has(name)
    this.isVoid = VOID.has(name)
    this.isForeign = FOREIGN.has(name)
    this.isHtmlIntegrationPoint = HTML_INTEGRATION_POINTS.has(name)
    this.isForm = name === 'form'
    this.isSpecial = SPECIAL.has(name)
    this.bit = BITS.get(name) ?? 0
    this.closes = CLOSED_BY.get(name) ?? 0
  }

  /** True if this is the name between two positions of the loaded units, in any case. */
  isNamed(start: number, end: number): boolean {
    const { name } = this
    if (name.length !== end - start) return false
    for (let index = 0; index < name.length; index++)
      if (name.charCodeAt(index) !== (UNITS[start + index]! | LOWER)) return false
    return true
  }
}

interface Listener {
  opened(kind: ElementKind): void
  closed(kind: ElementKind): void
}

/**
 * Follows the tags of an HTML text and tells a listener which elements each tag opens and closes. Counts the open
 * elements of each name, so that an unmatched closing tag needs no search and hostile HTML still takes linear time. One
 * instance can be used for one text after another.
 */
export class OpenElements {
  private listener: Listener = { opened: () => undefined, closed: () => undefined }
  private readonly elements: ElementKind[] = []
  /** By name as tags spell it, kept from text to text: making a kind takes longer than finding it. */
  private readonly kinds = new Map<string, ElementKind>()
  /** Those that were found last. */
  private readonly recent: (ElementKind | undefined)[] = Array<undefined>(SLOTS).fill(undefined)
  /** One entry per open element that changes it: true if the content is foreign. */
  private readonly foreign: boolean[] = []
  /** Kind of the last tag's element, if that can have content. */
  private last: ElementKind | undefined

  /** Begins another text: forgets the open elements, and reports to this listener from now on. */
  begin(listener: Listener): void {
    this.listener = listener
    for (const kind of this.elements) kind.open = 0
    this.elements.length = this.foreign.length = 0
    this.last = undefined
    if (this.kinds.size <= MAX_KINDS) return
    this.kinds.clear()
    this.recent.fill(undefined)
  }

  /** True within SVG and MathML, where script, style and title are elements like any other. */
  get areForeign(): boolean {
    return this.foreign.length > 0 && this.foreign[this.foreign.length - 1]!
  }

  /** Opens an element of that kind. */
  open(kind: ElementKind): void {
    // A form in a form is ignored.
    if (kind.isForm && kind.open > 0) this.last = undefined
    else this.add(kind)
  }

  /**
   * Closes the innermost open element of that kind and all elements in it. If none is open, only `p` and `br` have an
   * effect.
   */
  close(kind: ElementKind): void {
    if (kind.open > 0) while (this.closeLast() !== kind);
    else if (kind.name === 'p' || kind.name === 'br') {
      // Browsers read these as an empty element.
      this.add(kind)
      if (kind.name === 'p') this.closeLast()
    }
  }

  /** Closes the element of a tag such as `<g/>`, which ends at once within SVG and MathML. */
  closeEmpty(): void {
    if (this.areForeign && this.elements[this.elements.length - 1] === this.last) this.closeLast()
  }

  /** Returns the kind of elements with that tag name, in any case. */
  kindOf(name: string): ElementKind {
    const known = this.kinds.get(name)
    if (known !== undefined) return known
    const lower = name.toLowerCase()
    const kind = this.kinds.get(lower) ?? new ElementKind(lower)
    this.kinds.set(lower, kind)
    this.kinds.set(name, kind)
    return kind
  }

  /**
   * Returns the kind of elements whose tag name, of letters, digits and hyphens, stands between two positions of a
   * text whose units are loaded.
   */
  kindAt(html: string, start: number, end: number): ElementKind {
    let hash = 0
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (UNITS[at]! | LOWER)) | 0
    const slot = hash & (SLOTS - 1)
    const recent = this.recent[slot]
    if (recent?.isNamed(start, end)) return recent
    return (this.recent[slot] = this.kindOf(html.substring(start, end)))
  }

  private add(kind: ElementKind): void {
    const { closes } = kind
    if (closes !== 0) while (this.isLastOneOf(closes)) this.closeLast()
    this.listener.opened(kind)
    this.last = kind.isVoid ? undefined : kind
    if (kind.isVoid) return this.listener.closed(kind)
    this.elements.push(kind)
    kind.open++
    if (kind.isForeign) this.foreign.push(true)
    else if (kind.isHtmlIntegrationPoint) this.foreign.push(false)
  }

  private isLastOneOf(bits: number): boolean {
    // Asked for an element at -1, a list looks for a property of that name, which takes many times as long.
    const { length } = this.elements
    return length > 0 && (this.elements[length - 1]!.bit & bits) !== 0
  }

  private closeLast(): ElementKind {
    const kind = this.elements.pop()!
    kind.open--
    if (kind.isForeign || kind.isHtmlIntegrationPoint) this.foreign.pop()
    this.listener.closed(kind)
    return kind
  }
}

function bitsOf(names: string): number {
  return names.split(' ').reduce((bits, name) => bits | BITS.get(name)!, 0)
}
