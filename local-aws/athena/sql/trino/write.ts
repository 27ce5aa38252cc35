import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../engine.ts'
import { cast, copyOf, digitsOf, mapChildren, parseTree, text, treeJson, type Node } from './tree.ts'

/**
 * Returns the syntax tree that DuckDB's parser makes of a SELECT. For SQL that it cannot parse, the result has an
 * `error_message` instead.
 */
export async function treeOf(connection: DuckDBConnection, sql: string): Promise<Node> {
  const answer = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(sql)})`)
  return parseTree(answer.getRowsJson()[0]![0] as string)
}

/** Returns the SQL of DuckDB that a tree stands for. The tree is not changed. */
export async function sqlOf(connection: DuckDBConnection, tree: Node): Promise<string> {
  const written = treeJson(writable(copyOf(tree)))
  const answer = await connection.runAndReadAll(`SELECT json_deserialize_sql(${literal(written)})`)
  return answer.getRowsJson()[0]![0] as string
}

/**
 * Avoids two traps: DuckDB writes a double like a decimal, and CROSS JOIN as a comma, which binds less than other
 * joins.
 */
function writable(node: Node): Node {
  if (node.class !== 'CONSTANT') mapChildren(node, writable)
  if (node.type === 'JOIN' && node['ref_type'] === 'CROSS') {
    Object.assign(node, { ref_type: 'REGULAR', condition: cast(text('t'), 'BOOLEAN') })
  }
  const { type, is_null: isNull, value } = (node.class === 'CONSTANT' ? node['value'] : {}) as Constant
  if (type?.id !== 'DOUBLE' || isNull) return node
  return { ...cast(text(digitsOf(value)), 'DOUBLE'), alias: node.alias ?? '' }
}

interface Constant {
  readonly type?: { readonly id: string }
  readonly is_null?: boolean
  readonly value?: unknown
}
