const words = (text: string) => new Set(text.split(' '))

/** Elements that hold nothing, and have no closing tag. */
const VOID = words(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr',
)
const FOREIGN = words('math svg')
/** Elements of SVG and MathML that hold HTML again. */
const HTML_INTEGRATION_POINTS = words('annotation-xml desc foreignobject mi mn mo ms mtext title')
/** Elements that run on within a line: any other tag separates words. */
const INLINE = words('a abbr b em font i mark s small span strong sub sup u')
/** Elements whose text nobody reads. */
const HIDDEN = words('script style template noscript')

/** Elements whose text is no HTML, and those of other languages. */
const SPECIAL = words('script style title textarea iframe noembed noframes plaintext xmp svg math')

const HEADINGS = 'h1 h2 h3 h4 h5 h6'
const FIELDS = 'select input output button datalist textarea'
const BLOCKS =
  'address article aside blockquote details div dl fieldset figcaption figure footer form header hr main nav ol p ' +
  'pre section table ul'
/** Tags that close the element that they stand in, where it is one of these. */
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
const CLOSED_BY = new Map(
  CLOSERS.flatMap(([tags, closed]) => tags.split(' ').map((tag) => [tag, words(closed)])),
)

/** Kinds that are kept for the next text. HTML has 150 tags; a hostile text, as many as it likes. */
const MAX_KINDS = 1000

/** What all elements of a name have in common. */
export class ElementKind {
  readonly name: string
  readonly isInline: boolean
  readonly isHidden: boolean
  readonly isVoid: boolean
  readonly isForeign: boolean
  readonly isHtmlIntegrationPoint: boolean
  /** Whether what follows its tags is read in another way. */
  readonly isSpecial: boolean
  readonly closes: ReadonlySet<string> | undefined
  /** How many are open in the text that is read. */
  open = 0

  constructor(name: string) {
    this.name = name
    this.isInline = INLINE.has(name)
    this.isHidden = HIDDEN.has(name)
    this.isVoid = VOID.has(name)
    this.isForeign = FOREIGN.has(name)
    this.isHtmlIntegrationPoint = HTML_INTEGRATION_POINTS.has(name)
    this.isSpecial = SPECIAL.has(name)
    this.closes = CLOSED_BY.get(name)
  }
}

interface Listener {
  opened(kind: ElementKind): void
  closed(kind: ElementKind): void
}

/**
 * The elements that are open at a place of an HTML text: follows its tags, and tells the listener which elements they
 * open and close. Elements of each name are counted, so that a closing tag of one that is not open, of which hostile
 * HTML has many, takes no search: all tags together take linear time. One of them serves text after text.
 */
export class OpenElements {
  private listener: Listener = { opened: () => undefined, closed: () => undefined }
  private readonly elements: ElementKind[] = []
  /** By name, as tags spell it: to make a kind takes longer than to find it. */
  private readonly kinds = new Map<string, ElementKind>()
  /** Of each open element that changes it, whether what it holds is foreign. */
  private readonly foreign: boolean[] = []
  /** Of the last tag's element, if that can hold something. */
  private last: ElementKind | undefined

  /** Begins another text, whose elements the listener is told of. */
  begin(listener: Listener): void {
    this.listener = listener
    for (const kind of this.elements) kind.open = 0
    this.elements.length = this.foreign.length = 0
    this.last = undefined
    if (this.kinds.size > MAX_KINDS) this.kinds.clear()
  }

  /** Whether the place is in SVG or MathML, where script, style and title are elements like others. */
  get areForeign(): boolean {
    return this.foreign.length > 0 && this.foreign[this.foreign.length - 1]!
  }

  /** A tag opens an element of that kind. */
  open(kind: ElementKind): void {
    // A form in a form is none.
    if (kind.name === 'form' && kind.open > 0) this.last = undefined
    else this.add(kind)
  }

  /** A tag closes the innermost element of that kind, and those inside of it; none where it is not open. */
  close(kind: ElementKind): void {
    if (kind.open > 0) while (this.closeLast() !== kind);
    else if (kind.name === 'p' || kind.name === 'br') {
      // Browsers take these for an empty element.
      this.add(kind)
      if (kind.name === 'p') this.closeLast()
    }
  }

  /** The last tag was one such as `<g/>`, which closes its element again within SVG and MathML. */
  closeEmpty(): void {
    if (this.areForeign && this.elements[this.elements.length - 1] === this.last) this.closeLast()
  }

  /** The kind of elements that tags of that name, in any case, are of. */
  kindOf(name: string): ElementKind {
    const known = this.kinds.get(name)
    if (known !== undefined) return known
    const lower = name.toLowerCase()
    const kind = this.kinds.get(lower) ?? new ElementKind(lower)
    this.kinds.set(lower, kind)
    this.kinds.set(name, kind)
    return kind
  }

  private add(kind: ElementKind): void {
    const { closes } = kind
    if (closes !== undefined) while (this.isLastOneOf(closes)) this.closeLast()
    this.listener.opened(kind)
    this.last = kind.isVoid ? undefined : kind
    if (kind.isVoid) return this.listener.closed(kind)
    this.elements.push(kind)
    kind.open++
    if (kind.isForeign) this.foreign.push(true)
    else if (kind.isHtmlIntegrationPoint) this.foreign.push(false)
  }

  private isLastOneOf(names: ReadonlySet<string>): boolean {
    const last = this.elements[this.elements.length - 1]
    return last !== undefined && names.has(last.name)
  }

  private closeLast(): ElementKind {
    const kind = this.elements.pop()!
    kind.open--
    if (kind.isForeign || kind.isHtmlIntegrationPoint) this.foreign.pop()
    this.listener.closed(kind)
    return kind
  }
}
