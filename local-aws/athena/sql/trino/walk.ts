import { isNode, type Node } from './tree.ts'

/** One item of an ORDER BY. Its expression can be replaced in place. */
export interface Order {
  expression: Node
}
/** Returns the items of a query's ORDER BY, in order; empty without one. */
export const ordersOf = (select: Node): Order[] =>
  ((select['modifiers'] ?? []) as { orders?: Order[] }[]).flatMap(({ orders = [] }) => orders)

/** Returns the parts of a SELECT that contain expressions: everything except its FROM. */
export const slotsOf = (select: Node): unknown[] => [
  ...['select_list', 'where_clause', 'group_expressions', 'having'].map((key) => select[key]),
  ...ordersOf(select),
]

/** Yields the subqueries in an expression, without those nested in other subqueries. */
export function* subqueriesIn(value: unknown): Generator<Node> {
  if (!isNode(value)) return
  if (value.class === 'SUBQUERY') yield (value['subquery'] as { node: Node }).node
  for (const [key, child] of Object.entries(value))
    if (value.class !== 'SUBQUERY' || key === 'child') yield* subqueriesIn(child)
}

/**
 * Returns the selected expressions that a SELECT gives a name, by that name. A column under its own name is left out.
 */
export function aliasesOf(select: Node): Map<string, Node> {
  const items = (select['select_list'] as Node[]).filter(
    ({ alias, class: kind, column_names: names }) =>
      alias && !(kind === 'COLUMN_REF' && (names as string[]).at(-1) === alias),
  )
  return new Map(items.map((item) => [item.alias!, { ...item, alias: '' }]))
}

/** Yields the names of columns that an expression uses without naming their table, outside subqueries. */
export function* namesIn(value: unknown): Generator<string> {
  if (!isNode(value) || value.class === 'SUBQUERY') return
  const names = value.class === 'COLUMN_REF' ? (value['column_names'] as string[]) : []
  if (names.length === 1) yield names[0]!
  for (const child of Object.values(value)) yield* namesIn(child)
}

/** Yields the names of the parameters of all lambdas in an expression. */
export function* lambdaNames(value: unknown): Generator<string> {
  if (!isNode(value)) return
  if (value.class === 'LAMBDA') yield* namesIn(value['lhs'])
  for (const child of Object.values(value)) yield* lambdaNames(child)
}
