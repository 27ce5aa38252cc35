import { QueryError } from '../query-error.ts'
import { tokensOf, type Token } from '../tokens.ts'
import { quoteNames } from '../unquoted-names.ts'
import { notHere } from './rules.ts'

/** Replacement of a part of a statement. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Rewrites the text of a statement so that DuckDB's parser can read syntax that only Trino has: names that DuckDB reserves,
 * types such as ARRAY(T), VALUES without brackets, IGNORE NULLS after a call, and literals of bytes, decimals and JSON.
 *
 * @throws QueryError NOT_SUPPORTED for syntax that DuckDB's parser would accept and ignore
 */
export function asDuckdbReads(sql: string): string {
  let text = quoteNames(sql)
  // Each turn rewrites one level of nested arrays.
  for (let turn = 0; turn < 20; turn++) {
    const edits = editsOf(text)
    if (edits.length === 0) return text
    for (const { start, end, text: by } of edits.toSorted((one, other) => other.start - one.start)) {
      text = text.slice(0, start) + by + text.slice(end)
    }
  }
  throw new QueryError('SYNTAX_ERROR', 'Types are nested too deeply.')
}

function editsOf(sql: string): Edit[] {
  const tokens = tokensOf(sql).filter(({ text }) => text.trim() !== '')
  const edits: Edit[] = []
  for (const [index, token] of tokens.entries()) {
    const edit = RULES[token.word]?.({ sql, tokens, index, token })
    if (!edit) continue
    const overlaps = edits.some((other) => edit.start < other.end && other.start < edit.end)
    if (!overlaps) edits.push(edit)
  }
  return edits
}

interface At {
  readonly sql: string
  readonly tokens: readonly Token[]
  readonly index: number
  readonly token: Token
}

const endOf = ({ start, text }: Token) => start + text.length
const isText = (token: Token | undefined) => token?.text.startsWith("'") === true

const RULES: Readonly<Record<string, (at: At) => Edit | undefined>> = {
  ARRAY: ({ sql, tokens, index, token }) => {
    const close = closing(tokens, index + 1)
    if (!close) return undefined
    const inner = sql.slice(endOf(tokens[index + 1]!), close.start)
    return { start: token.start, end: endOf(close), text: `${inner.trim()}[]` }
  },
  MAP: ({ sql, tokens, index, token }) => {
    if (tokens[index + 1]?.text !== '<') return undefined
    const close = closing(tokens, index + 1)
    const inner = close && sql.slice(endOf(tokens[index + 1]!), close.start)
    return close && { start: token.start, end: endOf(close), text: `MAP(${inner})` }
  },
  VARCHAR: refuseLength,
  CHAR: refuseLength,
  TIMESTAMP: ({ tokens, index }) => {
    const [open, digits, close] = tokens.slice(index + 1, index + 4)
    if (open?.text !== '(' || !/^\d+$/.test(digits?.text ?? '') || close?.text !== ')') return undefined
    return { start: open.start, end: endOf(close), text: '' }
  },
  VALUES: ({ sql, tokens, index }) => unbracketed(sql, tokens, index + 1),
  IGNORE: ({ tokens, index, token }) => nullsInside(tokens, index, token, ' IGNORE NULLS)'),
  RESPECT: ({ tokens, index, token }) => nullsInside(tokens, index, token, ')'),
  IF: ({ tokens, index }) => {
    if (tokens[index + 1]?.text !== '(') return undefined
    const close = closing(tokens, index + 1)
    if (!close) return undefined
    const commas = topLevel(tokens, index + 2, close).filter(({ text }) => text === ',')
    return commas.length === 1 ? { start: close.start, end: close.start, text: ', NULL' } : undefined
  },
  X: ({ tokens, index, token }) => literalCall(tokens[index + 1], token, 'from_hex'),
  JSON: ({ tokens, index, token }) => literalCall(tokens[index + 1], token, 'json_parse'),
  DECIMAL: ({ tokens, index, token }) => {
    const next = tokens[index + 1]
    if (!isText(next)) return undefined
    return { start: token.start, end: endOf(next!), text: ` ${next!.text.slice(1, -1)} ` }
  },
  IFNULL: ({ tokens, index }) => {
    if (tokens[index + 1]?.text !== '(') return undefined
    throw new QueryError('FUNCTION_NOT_FOUND', "Function 'ifnull' not registered")
  },
  BERNOULLI: percent,
  SYSTEM: percent,
  LISTAGG: ({ tokens, index }) => {
    if (tokens[index + 1]?.text !== '(') return undefined
    throw notHere('listagg', 'use array_join(array_agg(x ORDER BY y), …)')
  },
}

/** Makes the size of a sample a percentage, as it is in Trino. */
function percent({ tokens, index }: At): Edit | undefined {
  const close = closing(tokens, index + 1)
  const last = close && tokens[tokens.indexOf(close) - 1]
  if (tokens[index - 1]?.word !== 'TABLESAMPLE' || !close || last?.word === 'PERCENT') return undefined
  return { start: close.start, end: close.start, text: ' PERCENT' }
}

function refuseLength({ tokens, index, token }: At): undefined {
  const [open, digits, close] = tokens.slice(index + 1, index + 4)
  if (open?.text !== '(' || !/^\d+$/.test(digits?.text ?? '') || close?.text !== ')') return undefined
  throw notHere(`${token.word.toLowerCase()}(${digits!.text})`, 'use varchar, and substr to cut')
}

function literalCall(next: Token | undefined, token: Token, name: string): Edit | undefined {
  if (!isText(next)) return undefined
  return { start: token.start, end: endOf(next!), text: `${name}(${next!.text})` }
}

/** Moves the words of `f(x) IGNORE NULLS OVER` inside the brackets, where DuckDB expects them. */
function nullsInside(tokens: readonly Token[], index: number, token: Token, text: string): Edit | undefined {
  const [before, nulls] = [tokens[index - 1], tokens[index + 1]]
  if (before?.text !== ')' || nulls?.word !== 'NULLS') return undefined
  return { start: before.start, end: endOf(nulls), text: token.word === 'IGNORE' ? text : ')' }
}

/** Adds the brackets that rows of one column lack in Trino's VALUES. */
function unbracketed(sql: string, tokens: readonly Token[], from: number): Edit | undefined {
  let start = from
  let depth = 0
  for (let at = from; at <= tokens.length; at++) {
    const token = tokens[at]
    if (token && OPENING.has(token.text)) depth += 1
    if (token && CLOSING.has(token.text)) depth -= 1
    const isEnd =
      !token ||
      depth < 0 ||
      (depth === 0 && (token.text === ',' || ENDS.has(token.word) || token.text === ';'))
    if (!isEnd) continue
    const [first, last] = [tokens[start], tokens[at - 1]]
    if (first && last && at > start && first.text !== '(' && first.word !== 'ROW') {
      return { start: first.start, end: endOf(last), text: `(${sql.slice(first.start, endOf(last))})` }
    }
    if (token?.text !== ',') return undefined
    start = at + 1
  }
  return undefined
}

const OPENING = new Set(['(', '[', '{'])
const CLOSING = new Set([')', ']', '}'])
const ENDS = new Set(['UNION', 'EXCEPT', 'INTERSECT', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH'])

/** Returns the bracket that closes the one at `index`; undefined if there is none. */
function closing(tokens: readonly Token[], index: number): Token | undefined {
  const open = tokens[index]?.text
  const close = { '(': ')', '<': '>' }[open ?? '']
  if (close === undefined) return undefined
  let depth = 0
  for (const token of tokens.slice(index)) {
    if (token.text === open) depth += 1
    if (token.text === close && --depth === 0) return token
  }
  return undefined
}

/** Returns the tokens up to `end`, without those in further brackets. */
function topLevel(tokens: readonly Token[], from: number, end: Token): Token[] {
  const found: Token[] = []
  let depth = 0
  for (const token of tokens.slice(from)) {
    if (token === end) break
    if (OPENING.has(token.text)) depth += 1
    if (CLOSING.has(token.text)) depth -= 1
    if (depth === 0) found.push(token)
  }
  return found
}
