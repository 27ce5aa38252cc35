import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from './engine.ts'
import { refuseForeign } from './foreign.ts'
import { QueryError } from './query-error.ts'
import { quoteHint } from './unquoted-names.ts'

/** Result of parsing a SELECT with DuckDB's parser. */
export interface SyntaxTree {
  /** Names of all tables that the SELECT refers to, in lower case, also those that its own WITH defines. */
  readonly tables: ReadonlySet<string>
  /** Root of the query. */
  readonly node: QueryNode
  /** The parser's list of statements, which contains `node`. */
  readonly statements: unknown
}

interface QueryNode {
  readonly type: string
  readonly select_list?: readonly { readonly class: string; readonly alias: string }[]
  readonly from_table?: { readonly type: string } | null
  readonly left?: QueryNode
  readonly children?: readonly QueryNode[]
}

/**
 * Parses a statement with DuckDB's parser and checks that it is a single SELECT that Athena would accept.
 *
 * @throws QueryError SYNTAX_ERROR for bad SQL or several statements, NOT_SUPPORTED for anything but a SELECT
 */
export async function parseSelect(connection: DuckDBConnection, sql: string): Promise<SyntaxTree> {
  const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(sql)})`)
  const answer = JSON.parse(reader.getRowsJson()[0]![0] as string) as {
    error: boolean
    error_type?: string
    error_message?: string
    statements?: { node: QueryNode }[]
  }
  if (answer.error) throw refusal(sql, answer.error_type, answer.error_message ?? '')
  const { statements = [] } = answer
  if (statements.length !== 1) {
    throw new QueryError('SYNTAX_ERROR', `Expected one statement, found ${statements.length}.`)
  }
  refuseForeign(sql, statements)
  return { tables: new Set(tablesIn(statements)), node: statements[0]!.node, statements }
}

function refusal(sql: string, type: string | undefined, message: string): QueryError {
  if (type === 'parser') return new QueryError('SYNTAX_ERROR', `${message}${quoteHint(sql, message)}`)
  refuseForeign(sql)
  return new QueryError('NOT_SUPPORTED', message)
}

function* tablesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  const { type, table_name: name } = value as Record<string, unknown>
  if (type === 'BASE_TABLE' && typeof name === 'string') yield name.toLowerCase()
  for (const child of Object.values(value)) yield* tablesIn(child)
}

/**
 * Returns the names of the catalog's tables that a SELECT reads, in lower case: a name that means a query of a WITH is
 * left out.
 */
export const tablesRead = ({ statements }: SyntaxTree): ReadonlySet<string> =>
  new Set(unhiddenTables(statements, new Set()))

interface WithEntry {
  readonly key: string
  readonly value: { readonly query: { readonly node: { readonly type: string } } }
}

function* unhiddenTables(value: unknown, hidden: ReadonlySet<string>): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  const { type, table_name: name, schema_name: schema, cte_map: ctes } = value as Record<string, unknown>
  if (type === 'BASE_TABLE') {
    const table = String(name).toLowerCase()
    if (schema !== '' || !hidden.has(table)) yield table
  }
  const named = new Set(hidden)
  for (const { key, value: entry } of (ctes as { map?: readonly WithEntry[] } | undefined)?.map ?? []) {
    // A recursive one sees itself; any other sees only those before it.
    const isRecursive = entry.query.node.type === 'RECURSIVE_CTE_NODE'
    yield* unhiddenTables(entry, isRecursive ? new Set([...named, key.toLowerCase()]) : named)
    named.add(key.toLowerCase())
  }
  for (const [key, child] of Object.entries(value)) if (key !== 'cte_map') yield* unhiddenTables(child, named)
}

/**
 * Returns the names that Athena gives to the columns of results: an expression without a name is `_col` followed by its
 * position, from 0. If several stars make positions ambiguous, DuckDB's names are returned.
 *
 * @param duckdbNames names that DuckDB gives to the columns, in their order
 */
export function resultNames({ node }: SyntaxTree, duckdbNames: readonly string[]): string[] {
  const items = firstSelect(node)?.select_list
  if (!items) return [...duckdbNames]
  const stars = items.filter((item) => item.class === 'STAR').length
  const starWidth = duckdbNames.length - (items.length - stars)
  if (stars > 1 || (stars === 0 && starWidth !== 0)) return [...duckdbNames]
  if (stars === 1 && items.length === 1 && firstSelect(node)?.from_table?.type === 'EXPRESSION_LIST') {
    return duckdbNames.map((name, index) => (name === `col${index}` ? `_col${index}` : name))
  }
  const names = [...duckdbNames]
  let position = 0
  for (const item of items) {
    const isNameless = !['STAR', 'COLUMN_REF'].includes(item.class) && item.alias === ''
    if (isNameless) names[position] = `_col${position}`
    position += item.class === 'STAR' ? starWidth : 1
  }
  return names
}

/** Returns the SELECT that names the columns of a UNION. */
function firstSelect(node: QueryNode | undefined): QueryNode | undefined {
  if (!node || node.type === 'SELECT_NODE') return node
  return firstSelect(node.left ?? node.children?.[0])
}
