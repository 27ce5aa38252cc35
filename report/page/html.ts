import { printable } from '../../core/printable.ts'

/** Markup that is safe to put into a page: data in it is escaped. Make it only with `markup` and `clipped`. */
export interface Html {
  readonly safe: string
}

/** Values that a `markup` template may contain: text is escaped, undefined becomes empty, lists are joined. */
export type Content = Html | string | number | undefined | readonly Content[]

/**
 * Makes safe markup from a template literal. Escapes text for elements and quoted attributes; control characters and
 * those that change the direction of writing become an escape such as `\u202e`.
 */
export function markup(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return { safe: strings.map((part, index) => part + markupOf(contents[index])).join('') }
}

function markupOf(content: Content): string {
  if (content === undefined) return ''
  if (typeof content === 'number') return String(content)
  if (typeof content === 'string') return escaped(printable(content))
  if ('safe' in content) return content.safe
  return content.map(markupOf).join('')
}

/** Escapes a text and cuts it to at most `maxBytes` bytes of markup; an ellipsis is added if it was cut. */
export function clipped(whole: string, maxBytes: number): Html {
  let text = ''
  let bytes = 0
  for (const character of whole) {
    const more = markupOf(character)
    bytes += Buffer.byteLength(more)
    if (bytes > maxBytes) return { safe: `${text}…` }
    text += more
  }
  return { safe: text }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!)

/** Empty markup, for a part of the page that has nothing to show. */
export const NOTHING: Html = { safe: '' }
