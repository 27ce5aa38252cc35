import { QueryError } from './query-error.ts'
import { tokensOf, type Token } from './tokens.ts'

/** First words of queries, in Athena as in DuckDB. */
const QUERY_STARTS = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE'])
/** Athena's other statements, as its own message lists them. */
const STATEMENTS =
  'ALTER ANALYZE CALL COMMIT CREATE DEALLOCATE DELETE DESC DESCRIBE DROP EXECUTE EXPLAIN GRANT INSERT PREPARE RESET REVOKE ROLLBACK SET SHOW START UNLOAD UPDATE USE'.split(
    ' ',
  )
/** Statements of Hive that Athena accepts as well. https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html */
const HIVE_STATEMENTS = ['MSCK', 'MERGE', 'OPTIMIZE', 'VACUUM', 'TRUNCATE']
const SET_OPERATIONS = new Set(['UNION', 'EXCEPT', 'INTERSECT'])

/**
 * Checks that a statement is a SELECT that Athena would accept, although DuckDB accepts more. Statements of Athena
 * other than SELECT are refused as not implemented; statements and clauses that only DuckDB has, at any depth, are
 * refused with the message of Athena's parser.
 *
 * @param tree the output of DuckDB's parser; undefined if the parser found no SELECT
 * @throws QueryError NOT_SUPPORTED
 */
export function refuseForeign(sql: string, tree?: unknown): void {
  const tokens = tokensOf(sql)
  const [first] = tokens.filter(({ text }) => text !== '(')
  if (first && !QUERY_STARTS.has(first.word)) throw notAQuery(sql, first)
  // A PIVOT inside a query has no tree.
  const names = new Set(tree === undefined ? ['PIVOT', 'UNPIVOT'] : foreignParts(tree))
  const found =
    tokens.find(({ word, text }) => text === '::' || names.has(word || text)) ??
    bareList(tokens) ??
    firstFrom(tokens)
  if (found) throw mismatched(sql, found)
}

function notAQuery(sql: string, first: Token): QueryError {
  if (!STATEMENTS.includes(first.word) && !HIVE_STATEMENTS.includes(first.word)) {
    return mismatched(sql, first, ` Expecting: '${STATEMENTS.join("', '")}', <query>`)
  }
  return new QueryError(
    'NOT_SUPPORTED',
    `Expected SELECT, UNLOAD, EXPLAIN (TYPE IO, FORMAT JSON), SHOW TABLES, SHOW PARTITIONS or DESCRIBE of a table, found ${first.word}: others are not implemented here.`,
  )
}

/** Returns Athena's parser error; https://github.com/guardian/athena-cli/issues/39 shows the message. */
function mismatched(sql: string, { text, start }: Token, expected = ''): QueryError {
  const before = sql.slice(0, start).split('\n')
  const place = `line ${before.length}:${before.at(-1)!.length + 1}`
  return new QueryError('NOT_SUPPORTED', `${place}: mismatched input '${text}'.${expected}`)
}

type Node = Readonly<Record<string, unknown>>
const isFilled = (value: unknown) => Array.isArray(value) && value.length > 0

/** Clauses that only DuckDB has: a word of each, and a test that recognizes it in the parser's tree. */
const FOREIGN: readonly (readonly [word: string, is: (node: Node) => boolean])[] = [
  ['SUMMARIZE', ({ show_type }) => show_type === 'SUMMARY'],
  ['DESCRIBE', ({ show_type }) => show_type === 'DESCRIBE'],
  ['DESC', ({ show_type }) => show_type === 'DESCRIBE'],
  ['SHOW', ({ type }) => type === 'SHOW_REF'],
  ['PIVOT', ({ type }) => type === 'PIVOT'],
  ['UNPIVOT', ({ type }) => type === 'PIVOT'],
  ['QUALIFY', ({ type, qualify }) => type === 'SELECT_NODE' && Boolean(qualify)],
  ['SAMPLE', ({ type, sample }) => type === 'SELECT_NODE' && Boolean(sample)],
  ['EXCLUDE', ({ type, exclude_list }) => type === 'STAR' && isFilled(exclude_list)],
  ['REPLACE', ({ type, replace_list }) => type === 'STAR' && isFilled(replace_list)],
  ['RENAME', ({ type, rename_list }) => type === 'STAR' && isFilled(rename_list)],
  ['COLUMNS', ({ type, columns }) => type === 'STAR' && columns === true],
  ['NAME', ({ setop_type }) => setop_type === 'UNION_BY_NAME'],
  ['ASOF', ({ ref_type }) => ref_type === 'ASOF'],
  ['POSITIONAL', ({ ref_type }) => ref_type === 'POSITIONAL'],
  ['SEMI', ({ type, join_type }) => type === 'JOIN' && join_type === 'SEMI'],
  ['ANTI', ({ type, join_type }) => type === 'JOIN' && join_type === 'ANTI'],
  ['%', ({ type }) => type === 'LIMIT_PERCENT_MODIFIER'],
  ['ON', ({ distinct_on_targets }) => isFilled(distinct_on_targets)],
  ['#', ({ type }) => type === 'POSITIONAL_REFERENCE'],
  ['ALL', ({ aggregate_handling }) => aggregate_handling === 'FORCE_AGGREGATES'],
]

function* foreignParts(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [word, is] of FOREIGN) if (is(value as Node)) yield word
  for (const child of Object.values(value)) yield* foreignParts(child)
}

/** Tokens before a bracket that begins a list; Trino writes ARRAY[…] there. */
const BEFORE_VALUES =
  /^(?:[(,=<>+*/|-]|SELECT|DISTINCT|ALL|WHERE|AND|OR|NOT|IN|LIKE|BETWEEN|WHEN|THEN|ELSE|ON|BY|HAVING|UNNEST)$/

function bareList(tokens: readonly Token[]): Token | undefined {
  const solid = tokens.filter(({ text }) => text.trim() !== '')
  return solid.find(({ text }, index) => {
    const before = solid[index - 1]
    return text === '[' && before !== undefined && BEFORE_VALUES.test(before.word || before.text)
  })
}

/** Finds a FROM that begins a query, which DuckDB reads as SELECT * FROM. */
function firstFrom(tokens: readonly Token[]): Token | undefined {
  /** State per open bracket: a query may begin here, its WITH is being read, or neither. */
  const open: { state: 'start' | 'with' | 'inside' }[] = [{ state: 'start' }]
  for (const [index, token] of tokens.entries()) {
    const level = open.at(-1)!
    const { word, text } = token
    if (word === 'FROM' && level.state !== 'inside') return token
    if (SET_OPERATIONS.has(word)) level.state = 'start'
    else if (text === '(') {
      if (level.state === 'start') level.state = 'inside'
      // TRIM(FROM x) is standard SQL.
      open.push({ state: tokens[index - 1]?.word === 'TRIM' ? 'inside' : 'start' })
    } else if (text === ')') {
      if (open.length > 1) open.pop()
    } else if (level.state === 'start') {
      if (word !== 'ALL' && word !== 'DISTINCT') level.state = word === 'WITH' ? 'with' : 'inside'
    } else if (level.state === 'with' && QUERY_STARTS.has(word)) level.state = 'inside'
  }
  return undefined
}
