import { text } from './text.ts'

/** Letters, digits and combining marks; `c++` and `c#` are words, too. */
const WORD = /[\p{L}\p{N}\p{M}]+[+#]*/gu

/**
 * Returns the words of a text, in lower case, in their order and with duplicates. A run of text without spaces is one
 * word. Empty for anything that is no text.
 */
export function tokens(value: unknown): string[] {
  return text(value)?.toLowerCase().match(WORD) ?? []
}
