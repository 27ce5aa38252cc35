/** A word, number, text, quoted name or symbol of SQL. */
export interface Token {
  readonly text: string
  /** The text in upper case if it is a word without quotes, else empty. */
  readonly word: string
  /** Offset of its first character. */
  readonly start: number
}

const SKIPPED = String.raw`\s+|--[^\n]*|/\*[\s\S]*?\*/`
const QUOTED = String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"`
const TOKEN = new RegExp(String.raw`(${SKIPPED})|(${QUOTED})|([\p{L}_][\p{L}\p{N}_$]*)|\d+|::|[\s\S]`, 'gu')

/** Splits a statement into tokens, without white space and comments. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const { 0: text, 1: skipped, 3: word = '', index } of sql.matchAll(TOKEN)) {
    if (skipped === undefined) tokens.push({ text, word: word.toUpperCase(), start: index })
  }
  return tokens
}
