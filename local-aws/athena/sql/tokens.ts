/** The smallest unit of SQL: a word, number, string, quoted name or symbol. */
export interface Token {
  /** The token as written, with its quotes. */
  readonly text: string
  /** The text in upper case if the token is a word without quotes, else empty. */
  readonly word: string
  /** Offset of the token's first character in the statement. */
  readonly start: number
}

const SKIPPED = String.raw`\s+|--[^\n]*|/\*[\s\S]*?\*/`
const QUOTED = String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"`
const TOKEN = new RegExp(String.raw`(${SKIPPED})|(${QUOTED})|([\p{L}_][\p{L}\p{N}_$]*)|\d+|::|[\s\S]`, 'gu')

/**
 * Splits a statement into tokens, in their order, without white space and comments. It never fails: the quote of an
 * unterminated string becomes a token of its own.
 */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const { 0: text, 1: skipped, 3: word = '', index } of sql.matchAll(TOKEN)) {
    if (skipped === undefined) tokens.push({ text, word: word.toUpperCase(), start: index })
  }
  return tokens
}
