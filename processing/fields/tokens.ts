import { text } from './text.ts'

/** Letters, digits and what sets their accents; `c++` and `c#` are words, too. */
const WORD = /[\p{L}\p{N}\p{M}]+[+#]*/gu

/** The words of a text, in lower case and in their order. What is written without spaces is one word. */
export function tokens(value: unknown): string[] {
  return text(value)?.toLowerCase().match(WORD) ?? []
}
