import { text } from './text.ts'

/** Letters, digits and combining marks; `c++` and `c#` are words, too. */
const WORD = /[\p{L}\p{N}\p{M}]+[+#]*/gu

/** Returns the words of a text, in lower case and in their order. Text without spaces is one word. */
export function tokens(value: unknown): string[] {
  return text(value)?.toLowerCase().match(WORD) ?? []
}
