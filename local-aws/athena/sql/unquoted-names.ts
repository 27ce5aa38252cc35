import { identifier } from './engine.ts'
import { tokensOf, type Token } from './tokens.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/**
 * Words that Trino lets stand as names without quotes and that DuckDB's parser reserves.
 * https://github.com/trinodb/trino/blob/master/core/trino-grammar/src/main/antlr4/io/trino/grammar/sql/SqlBase.g4
 */
const RESERVED_ONLY_HERE = words(
  'ALL ANALYZE ANY ARRAY ASC AT AUTHORIZATION BOTH COLUMN DEFAULT DESC DO FETCH LATERAL LEADING LIMIT OFFSET ONLY ' +
    'RETURNING SHOW SOME TABLESAMPLE TO TRAILING UNIQUE VERBOSE WINDOW',
)
/** Those of them that may begin a construct where a name may stand. Before any other, a word is the alias of a name. */
const BEGINS_CONSTRUCT = words('ALL ANALYZE ANY ARRAY BOTH DESC LATERAL LEADING SHOW SOME TRAILING')
/** Words before FROM in a TRIM. */
const SIDES = words('BOTH LEADING TRAILING')
/** Words and symbols, all reserved in Trino, after which an expression or a table begins. */
const BEFORE_NAME = words(
  'SELECT DISTINCT FROM JOIN WHERE AND OR NOT IN LIKE ESCAPE BETWEEN CASE WHEN THEN ELSE ON BY HAVING AS ' +
    '( , = < > + - * / % | [',
)
/** Words and symbols that follow a name. */
const AFTER_NAME = words(
  'FROM WHERE GROUP HAVING ORDER LIMIT OFFSET FETCH WINDOW UNION EXCEPT INTERSECT AND OR IS IN NOT LIKE ESCAPE ' +
    'BETWEEN AS WHEN THEN ELSE END ASC DESC NULLS AT ROWS RANGE GROUPS ON USING JOIN LEFT RIGHT INNER FULL CROSS ' +
    'NATURAL TABLESAMPLE ) , = < > ! + - * / % | . [ ] ;',
)

/**
 * Puts quotes around names that DuckDB reserves and Trino does not, such as a column `at`, wherever the words next to
 * one show that it is a name. Where Trino reads syntax, such as `ALL` after `SELECT`, nothing changes.
 */
export function quoteNames(sql: string): string {
  const tokens = tokensOf(sql).filter(({ text }) => text.trim() !== '')
  let [quoted, done] = ['', 0]
  for (const [index, { text, start }] of tokens.entries()) {
    if (!isName(tokens, index)) continue
    quoted += sql.slice(done, start) + identifier(text)
    done = start + text.length
  }
  return quoted + sql.slice(done)
}

/** Returns a word of a token without quotes, or its symbol. */
const signOf = (token: Token | undefined) => token && (token.word || token.text)

function isName(tokens: readonly Token[], index: number): boolean {
  const { word } = tokens[index]!
  const [before, after] = [signOf(tokens[index - 1]), signOf(tokens[index + 1])]
  if (!RESERVED_ONLY_HERE.has(word) || before === undefined || !BEFORE_NAME.has(before)) return false
  if (after === undefined) return true
  const isQuantifier = word === 'ALL' && ['SELECT', '(', 'BY'].includes(before)
  if (isQuantifier && ['*', '+', '-', '[', 'NOT'].includes(after)) return false
  if (word === 'ARRAY' && (after === '[' || (after === '<' && !/^(?!AS$)\w+$/.test(before)))) return false
  if (SIDES.has(word) && signOf(tokens[index - 2]) === 'TRIM' && after === 'FROM') return false
  return AFTER_NAME.has(after) || (after !== '(' && !BEGINS_CONSTRUCT.has(word))
}

/**
 * Returns a sentence that says to quote a name, if a word that only DuckDB reserves stands at or before the place of a
 * syntax error; else an empty text.
 *
 * @param message message of DuckDB's parser
 */
export function quoteHint(sql: string, message: string): string {
  const [, near] = /at or near "(.*)"/s.exec(message) ?? []
  const tokens = tokensOf(sql)
  const places = tokens.flatMap(({ text }, index) =>
    text === near ? [tokens[index], tokens[index - 1]] : [],
  )
  const word = places.find((token) => token && RESERVED_ONLY_HERE.has(token.word))
  return word ? `. If ${word.text} is a name here, write it as ${identifier(word.text.toLowerCase())}` : ''
}
