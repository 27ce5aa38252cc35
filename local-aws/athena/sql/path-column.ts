import { identifier } from './engine.ts'
import { tokensOf } from './tokens.ts'

/**
 * Name of Athena's hidden column that contains the URI of the object that a row comes from. `SELECT *` does not include
 * it. https://trino.io/docs/current/connector/hive.html#metadata-columns
 */
export const PATH_COLUMN = '$path'

/** Returns true if a statement uses {@link PATH_COLUMN}. */
export const namesPath = (sql: string) =>
  tokensOf(sql).some(({ text }) => text.toLowerCase() === identifier(PATH_COLUMN))

interface Node {
  readonly [key: string]: unknown
  readonly type?: string
  readonly alias?: string
}

/**
 * Rewrites a statement for views in which {@link PATH_COLUMN} is an ordinary column, so that `*` does not return it.
 *
 * @param tree the output of DuckDB's parser for the statement
 * @param tables names of the views, in lower case
 */
export function hidePath(sql: string, tree: unknown, tables: ReadonlySet<string>): string {
  const bytes = Buffer.from(sql)
  const places = [...starsIn(tree, tables, new Set())].map((start) => bytes.indexOf('*', start) + 1)
  return [...new Set(places)]
    .sort((one, other) => other - one)
    .reduce(
      (text, place) =>
        Buffer.concat([
          text.subarray(0, place),
          Buffer.from(` EXCLUDE (${identifier(PATH_COLUMN)})`),
          text.subarray(place),
        ]),
      bytes,
    )
    .toString()
}

/** Yields byte offsets at or before the stars that show a view. Names of a WITH hide views of the same name. */
function* starsIn(
  value: unknown,
  tables: ReadonlySet<string>,
  hidden: ReadonlySet<string>,
): Generator<number> {
  if (typeof value !== 'object' || value === null) return
  const node = value as Node
  const named = new Set(hidden)
  const { map = [] } = (node['cte_map'] ?? {}) as { map?: readonly { key: string; value: unknown }[] }
  for (const { key, value: query } of map) {
    yield* starsIn(query, tables, named)
    named.add(key.toLowerCase())
  }
  if (node.type === 'SELECT_NODE') {
    const shown = new Set(viewsIn(node['from_table'], tables, named))
    for (const star of node['select_list'] as readonly Node[]) {
      if (star.type !== 'STAR') continue
      const relation = String(star['relation_name']).toLowerCase()
      if (relation === '' ? shown.size > 0 : shown.has(relation)) yield star['query_location'] as number
    }
  }
  for (const [key, child] of Object.entries(node)) if (key !== 'cte_map') yield* starsIn(child, tables, named)
}

/** Yields the names that the views of a FROM have in its query. */
function* viewsIn(
  from: unknown,
  tables: ReadonlySet<string>,
  hidden: ReadonlySet<string>,
): Generator<string> {
  const { type, alias, left, right, table_name: table, schema_name: schema } = (from ?? {}) as Node
  if (type === 'JOIN') {
    yield* viewsIn(left, tables, hidden)
    yield* viewsIn(right, tables, hidden)
  }
  if (type !== 'BASE_TABLE') return
  const name = String(table).toLowerCase()
  if (tables.has(name) && (schema !== '' || !hidden.has(name))) yield (alias || name).toLowerCase()
}
