import { Parser } from 'htmlparser2'

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

/** The text of an HTML fragment: tags and comments gone, entities decoded, white space collapsed to single spaces. */
export function htmlText(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return collapse(html)
  let found = ''
  let hiddenDepth = 0
  const parser = new Parser({
    onopentagname(name) {
      if (HIDDEN.has(name)) hiddenDepth++
      if (!INLINE.has(name)) found += ' '
    },
    onclosetag(name) {
      if (HIDDEN.has(name)) hiddenDepth--
      if (!INLINE.has(name)) found += ' '
    },
    ontext(piece) {
      if (hiddenDepth === 0) found += piece
    },
  })
  parser.write(html)
  parser.end()
  return collapse(found)
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
