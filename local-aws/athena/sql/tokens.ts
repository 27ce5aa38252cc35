/** A word, a number, a text, a quoted name or a sign of SQL. */
export interface Token {
  readonly text: string
  /** In upper case where it is a word without quotes, else empty. */
  readonly word: string
  /** Where it begins: characters before it. */
  readonly start: number
}

const SKIPPED = String.raw`\s+|--[^\n]*|/\*[\s\S]*?\*/`
const QUOTED = String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"`
const TOKEN = new RegExp(String.raw`(${SKIPPED})|(${QUOTED})|([\p{L}_][\p{L}\p{N}_$]*)|\d+|::|[\s\S]`, 'gu')

/** The tokens of a statement, without comments. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const { 0: text, 1: skipped, 3: word = '', index } of sql.matchAll(TOKEN)) {
    if (skipped === undefined) tokens.push({ text, word: word.toUpperCase(), start: index })
  }
  return tokens
}
