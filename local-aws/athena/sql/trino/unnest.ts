import { all, NO_ALIASES, type Meanings } from './expressions.ts'
import { isList, isMap } from './rules.ts'
import type { Node } from './tree.ts'

/**
 * Translates an UNNEST. DuckDB has only the UNNEST of a single array; that of several arrays, a map or rows is replaced
 * by a subquery.
 *
 * @param table the UNNEST in a FROM
 * @param select the SELECT that it belongs to
 */
export async function unnested(context: Meanings, table: Node, select: Node): Promise<Node> {
  const unnest = table['function'] as Node
  const args = await all(context, unnest.children!, select, NO_ALIASES)
  unnest.children = args
  const types: (string | undefined)[] = []
  for (const arg of args) types.push(await context.oracle.typeOf(select, arg))
  const isPlain = args.length === 1 && !isMap(types[0] ?? '') && !/^STRUCT\(.*\)\[\]$/s.test(types[0] ?? '')
  if (isPlain || types.includes(undefined)) return table
  const items = args.flatMap((_, index) => {
    const arg = `$${index + 1}`
    const type = types[index]!
    if (isMap(type)) return [`unnest(map_keys(${arg}))`, `unnest(map_values(${arg}))`]
    return [`unnest(${arg})`]
  })
  const lengths = args.map((_, index) =>
    isList(types[index]!) ? `len($${index + 1})` : `cardinality($${index + 1})`,
  )
  if (table['with_ordinality'] === 'WITH_ORDINALITY')
    items.push(`unnest(generate_series(1, greatest(${lengths.join(', ')})))`)
  const named = items.map((item, index) => `${item} AS _${index}`).join(', ')
  const outer = items.map((item, index) => {
    const [, arg] = /^unnest\(\$(\d+)\)$/.exec(item) ?? []
    const isRows = arg !== undefined && /^STRUCT\(.*\)\[\]$/s.test(types[Number(arg) - 1]!)
    return isRows ? `unnest(_${index})` : `_${index}`
  })
  const from = await context.templates.from(`(SELECT ${outer.join(', ')} FROM (SELECT ${named}))`, args)
  return { ...from, alias: table.alias || 'unnest', column_name_alias: table['column_name_alias'] }
}
