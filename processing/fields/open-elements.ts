const words = (text: string) => new Set(text.split(' '))

/** Elements that hold nothing, and have no closing tag. */
const VOID = words(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr',
)
const FOREIGN = words('math svg')
/** Elements of SVG and MathML that hold HTML again. */
const HTML_AGAIN = words('annotation-xml desc foreignobject mi mn mo ms mtext title')

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

interface Listener {
  opened(name: string): void
  closed(name: string): void
}

/**
 * The elements that are open at a place of an HTML text: follows its tags, and tells the listener which elements they
 * open and close. Elements of each name are counted, so that a closing tag of one that is not open, of which hostile
 * HTML has many, takes no search: all tags together take linear time.
 */
export class OpenElements {
  private readonly listener: Listener
  private readonly names: string[] = []
  private readonly counts = new Map<string, number>()
  /** Of each open element that changes it, whether what it holds is foreign. */
  private readonly foreign: boolean[] = []
  /** Name of the last tag's element, if that can hold something. */
  private last: string | undefined

  constructor(listener: Listener) {
    this.listener = listener
  }

  /** Whether the place is in SVG or MathML, where script, style and title are elements like others. */
  get areForeign(): boolean {
    return this.foreign.length > 0 && this.foreign[this.foreign.length - 1]!
  }

  /** A tag opens an element of that name, in lower case. */
  open(name: string): void {
    // A form in a form is none.
    if (name === 'form' && this.isOpen(name)) this.last = undefined
    else this.add(name)
  }

  /** A tag closes the innermost element of that name, and those inside of it; none where it is not open. */
  close(name: string): void {
    if (this.isOpen(name)) while (this.closeLast() !== name);
    else if (name === 'p' || name === 'br') {
      // Browsers take these for an empty element.
      this.add(name)
      if (name === 'p') this.closeLast()
    }
  }

  /** The last tag was one such as `<g/>`, which closes its element again within SVG and MathML. */
  closeEmpty(): void {
    if (this.areForeign && this.names[this.names.length - 1] === this.last) this.closeLast()
  }

  private isOpen(name: string): boolean {
    return (this.counts.get(name) ?? 0) > 0
  }

  private add(name: string): void {
    const closed = CLOSED_BY.get(name)
    while (closed?.has(this.names[this.names.length - 1] ?? '')) this.closeLast()
    this.listener.opened(name)
    this.last = VOID.has(name) ? undefined : name
    if (this.last === undefined) return this.listener.closed(name)
    this.names.push(name)
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    if (FOREIGN.has(name)) this.foreign.push(true)
    else if (HTML_AGAIN.has(name)) this.foreign.push(false)
  }

  private closeLast(): string {
    const name = this.names.pop()!
    this.counts.set(name, this.counts.get(name)! - 1)
    if (FOREIGN.has(name) || HTML_AGAIN.has(name)) this.foreign.pop()
    this.listener.closed(name)
    return name
  }
}
