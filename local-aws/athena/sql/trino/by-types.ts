import { QueryError } from '../query-error.ts'
import { all, NO_ALIASES, one, type Meanings } from './expressions.ts'
import type { Templates } from './templates.ts'
import { isNode, type Node } from './tree.ts'
import type { TypeOracle } from './types.ts'
import { unnested } from './unnest.ts'
import { aliasesOf, lambdaNames, namesIn, ordersOf, slotsOf, subqueriesIn } from './walk.ts'

/**
 * Translates all calls and operators whose meaning in Trino depends on types. Changes the tree: first the FROM of a
 * query, then its subqueries, then its own expressions. Expressions are translated on copies, so that DuckDB is always
 * asked for types in a complete query.
 *
 * @throws QueryError TYPE_MISMATCH, FUNCTION_NOT_FOUND or COLUMN_NOT_FOUND for what Trino would refuse, NOT_SUPPORTED
 * for what DuckDB cannot express
 */
export async function meanByTypes(tree: Node, templates: Templates, oracle: TypeOracle): Promise<void> {
  for (const { node } of tree['statements'] as { node: Node }[]) await inQuery({ templates, oracle }, node)
}

async function inQuery(context: Meanings, query: Node): Promise<void> {
  const { map = [] } = (query['cte_map'] ?? {}) as { map?: { value: { query: { node: Node } } }[] }
  for (const { value } of map) await inQuery(context, value.query.node)
  if (query.type !== 'SELECT_NODE') {
    for (const side of [query['left'], query['right'], ...(query.children ?? [])])
      if (isNode(side)) await inQuery(context, side)
    return
  }
  await inFrom(context, query)
  for (const slot of slotsOf(query)) for (const inner of subqueriesIn(slot)) await inQuery(context, inner)
  await checkAliases(context, query)
  const aliases = aliasesOf(query)
  const lists = ['select_list', 'group_expressions'].map((key) => [key, query[key]] as const)
  const made = new Map<string, unknown>()
  for (const [key, list] of lists) made.set(key, await all(context, list as Node[], query, NO_ALIASES))
  for (const key of ['where_clause', 'having'])
    if (isNode(query[key])) made.set(key, await one(context, query[key], query, NO_ALIASES))
  const orders = ordersOf(query)
  const ordered = await all(
    context,
    orders.map(({ expression }) => expression),
    query,
    aliases,
  )
  Object.assign(query, Object.fromEntries(made))
  for (const [index, order] of orders.entries()) order.expression = ordered[index]!
}

/** Rewrites a FROM. UNNESTs are left out until the tables before them are done: their columns may depend on those. */
async function inFrom(context: Meanings, select: Node): Promise<void> {
  const waiting: { holder: Node; key: string; table: Node }[] = []
  const visit = async (holder: Node, key: string): Promise<void> => {
    const table = holder[key] as Node
    if (table.type === 'JOIN') {
      await visit(table, 'left')
      await visit(table, 'right')
    } else if (table.type === 'SUBQUERY') await inQuery(context, (table['subquery'] as { node: Node }).node)
    else if (table.type === 'TABLE_FUNCTION') {
      waiting.push({ holder, key, table })
      holder[key] = await context.templates.from('(SELECT NULL) AS "unnest later"', [])
    }
  }
  if (isNode(select['from_table'])) await visit(select, 'from_table')
  for (const { holder, key, table } of waiting) holder[key] = await unnested(context, table, select)
  await inConditions(context, select['from_table'] as Node, select)
}

async function inConditions(context: Meanings, table: Node, select: Node): Promise<void> {
  if (table?.type === 'JOIN') {
    await inConditions(context, table['left'] as Node, select)
    await inConditions(context, table['right'] as Node, select)
    if (!isNode(table['condition'])) return
    for (const inner of subqueriesIn(table['condition'])) await inQuery(context, inner)
    table['condition'] = await one(context, table['condition'], select, NO_ALIASES)
  } else if (table?.type === 'EXPRESSION_LIST') {
    const values = table['values'] as Node[][]
    for (const [index, row] of values.entries()) values[index] = await all(context, row, select, NO_ALIASES)
  }
}

/** Checks that names of a SELECT are used in its ORDER BY only, as in Trino. */
async function checkAliases(context: Meanings, select: Node): Promise<void> {
  const aliases = aliasesOf(select)
  if (aliases.size === 0) return
  const slots = [select['select_list'], select['where_clause'], select['group_expressions'], select['having']]
  const lambdas = new Set(slots.flatMap((slot) => [...lambdaNames(slot)]))
  const names = new Set(slots.flatMap((slot) => [...namesIn(slot)]))
  for (const name of names) {
    if (!aliases.has(name) || lambdas.has(name)) continue
    const column: Node = {
      class: 'COLUMN_REF',
      type: 'COLUMN_REF',
      alias: '',
      query_location: 0,
      column_names: [name],
    }
    await context.oracle.typeOf(select, column).catch((error: Error) => {
      if (!/Referenced column/.test(error.message)) throw error
      throw new QueryError('COLUMN_NOT_FOUND', `Column '${name}' cannot be resolved`)
    })
  }
}
