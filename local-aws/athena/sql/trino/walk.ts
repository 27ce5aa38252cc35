import { isNode, type Node } from './tree.ts'

/** One expression of an ORDER BY; `expression` may be replaced. */
export interface Order {
  expression: Node
}
/** Returns the parts of a query's ORDER BY. */
export const ordersOf = (select: Node): Order[] =>
  ((select['modifiers'] ?? []) as { orders?: Order[] }[]).flatMap(({ orders = [] }) => orders)

/** Returns the expressions of a SELECT, without its FROM. */
export const slotsOf = (select: Node): unknown[] => [
  ...['select_list', 'where_clause', 'group_expressions', 'having'].map((key) => select[key]),
  ...ordersOf(select),
]

/** Yields the queries of subqueries, without those nested in them. */
export function* subqueriesIn(value: unknown): Generator<Node> {
  if (!isNode(value)) return
  if (value.class === 'SUBQUERY') yield (value['subquery'] as { node: Node }).node
  for (const [key, child] of Object.entries(value))
    if (value.class !== 'SUBQUERY' || key === 'child') yield* subqueriesIn(child)
}

/** Returns the expressions of a SELECT by their names. */
export function aliasesOf(select: Node): Map<string, Node> {
  const items = (select['select_list'] as Node[]).filter(
    ({ alias, class: kind, column_names: names }) =>
      alias && !(kind === 'COLUMN_REF' && (names as string[]).at(-1) === alias),
  )
  return new Map(items.map((item) => [item.alias!, { ...item, alias: '' }]))
}

/** Yields the names of columns used without a table, outside subqueries. */
export function* namesIn(value: unknown): Generator<string> {
  if (!isNode(value) || value.class === 'SUBQUERY') return
  const names = value.class === 'COLUMN_REF' ? (value['column_names'] as string[]) : []
  if (names.length === 1) yield names[0]!
  for (const child of Object.values(value)) yield* namesIn(child)
}

/** Yields the names of lambdas' parameters. */
export function* lambdaNames(value: unknown): Generator<string> {
  if (!isNode(value)) return
  if (value.class === 'LAMBDA') yield* namesIn(value['lhs'])
  for (const child of Object.values(value)) yield* lambdaNames(child)
}
