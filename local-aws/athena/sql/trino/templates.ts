import type { DuckDBConnection } from '@duckdb/node-api'
import { notHere } from './rules.ts'
import { call, cast, childrenOf, copyOf, mapChildren, OWN, substitute, type Node } from './tree.ts'
import { treeOf } from './write.ts'

/** Converts templates, which are SQL of DuckDB with placeholders `$1`, `$2` …, to parts of a query's syntax tree. */
export interface Templates {
  /**
   * Returns the tree of an expression in which the placeholders are replaced by `args`.
   *
   * @param modified the translated call; its FILTER, DISTINCT, ORDER BY and OVER are given to the template's aggregates
   * @param inTry true if the expression is inside a TRY
   */
  expand(sql: string, args: readonly Node[], modified: Node, inTry: boolean): Promise<Node>
  /**
   * Returns the tree of a table expression, as it stands in a FROM, in which the placeholders are replaced by `args`.
   */
  from(sql: string, args: readonly Node[]): Promise<Node>
}

interface ParsedSelect {
  readonly select_list: Node[]
  readonly from_table: Node
}

/** Parsed templates, shared by all queries of the process. */
const PARSED = new Map<string, Promise<Node>>()

/** Creates the {@link Templates} of a query. DuckDB parses each template for expressions only once per process. */
export function templatesOf(connection: DuckDBConnection): Templates {
  const parse = async (sql: string): Promise<ParsedSelect> => {
    const tree = await treeOf(connection, `SELECT ${sql}`)
    const [statement] = (tree['statements'] ?? []) as { node: ParsedSelect }[]
    if (!statement) throw new Error(`Template ${sql}: ${String(tree['error_message'])}`)
    return statement.node
  }
  return {
    async expand(sql, args, modified, inTry) {
      let parsed = PARSED.get(sql)
      if (!parsed) PARSED.set(sql, (parsed = parse(sql).then(({ select_list: [item] }) => markOwn(item!))))
      return fill(copyOf(await parsed), { args, modified, inTry })
    },
    async from(sql, args) {
      const { from_table: table } = await parse(`1 FROM ${sql}`)
      return fill(markOwn(table), { args, modified: {}, inTry: false })
    },
  }
}

function markOwn(node: Node): Node {
  node[OWN] = true
  for (const child of childrenOf(node)) markOwn(child)
  return node
}

/** Gives an expression the name that the template has for it, if any. */
const named = (made: Node, by: Node): Node => (by.alias ? { ...made, alias: by.alias } : made)

interface Filling {
  readonly args: readonly Node[]
  readonly modified: Node
  readonly inTry: boolean
}

function fill(node: Node, filling: Filling): Node {
  if (node.class === 'PARAMETER') return named(copyOf(filling.args[Number(node['identifier']) - 1]!), node)
  mapChildren(node, (child) => fill(child, filling))
  const { class: kind, function_name: name = '', children = [] } = node
  if (kind !== 'FUNCTION') return node
  if (name === 'fail') return named(failure(children[0]!, children[1]!, filling.inTry), node)
  if (name === 'apply') return named(applied(children[0]!, children.slice(1)), node)
  return name.startsWith('agg_') ? aggregate(name.slice('agg_'.length), children, filling.modified) : node
}

/**
 * Returns an expression that fails. DuckDB allows no volatile function such as `error` in TRY; a cast fails there, too.
 */
function failure(message: Node, like: Node, inTry: boolean): Node {
  if (!inTry) return call('error', message)
  const index = { ...cast(message, 'BIGINT'), [OWN]: true }
  return call('array_extract', call('list_value', like), index)
}

/** Returns the body of a lambda with expressions in place of its parameters. */
function applied(lambda: Node, args: readonly Node[]): Node {
  if (lambda.class !== 'LAMBDA') throw notHere('A function that is no lambda', 'write x -> …')
  const names = parametersOf(lambda['lhs'] as Node)
  if (names.length !== args.length)
    throw notHere(`A lambda of ${names.length} parameters`, `expected ${args.length}`)
  return substitute(copyOf(lambda['expr'] as Node), new Map(names.map((name, index) => [name, args[index]!])))
}

const parametersOf = (lhs: Node): string[] =>
  lhs.class === 'COLUMN_REF'
    ? [(lhs['column_names'] as string[])[0]!]
    : (lhs.children ?? []).flatMap(parametersOf)

/** Returns an aggregate in place of the called one, over the same rows. */
function aggregate(name: string, children: Node[], modified: Node): Node {
  return { ...copyOf(modified), alias: '', function_name: name, schema: '', children, [OWN]: true }
}
