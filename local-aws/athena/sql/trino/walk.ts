import { isNode, type Node } from './tree.ts'

/** A part of an ORDER BY. */
export interface Order {
  expression: Node
}
/** What a query is ordered by. */
export const ordersOf = (select: Node): Order[] =>
  ((select['modifiers'] ?? []) as { orders?: Order[] }[]).flatMap(({ orders = [] }) => orders)

/** The expressions of a SELECT, its FROM left out. */
export const slotsOf = (select: Node): unknown[] => [
  ...['select_list', 'where_clause', 'group_expressions', 'having'].map((key) => select[key]),
  ...ordersOf(select),
]

/** The queries of subqueries, without those inside of them. */
export function* subqueriesIn(value: unknown): Generator<Node> {
  if (!isNode(value)) return
  if (value.class === 'SUBQUERY') yield (value['subquery'] as { node: Node }).node
  for (const [key, child] of Object.entries(value))
    if (value.class !== 'SUBQUERY' || key === 'child') yield* subqueriesIn(child)
}

/** What the names of a SELECT stand for. */
export function aliasesOf(select: Node): Map<string, Node> {
  const items = (select['select_list'] as Node[]).filter(
    ({ alias, class: kind, column_names: names }) =>
      alias && !(kind === 'COLUMN_REF' && (names as string[]).at(-1) === alias),
  )
  return new Map(items.map((item) => [item.alias!, { ...item, alias: '' }]))
}

/** Columns that are named without their table, outside of subqueries. */
export function* namesIn(value: unknown): Generator<string> {
  if (!isNode(value) || value.class === 'SUBQUERY') return
  const names = value.class === 'COLUMN_REF' ? (value['column_names'] as string[]) : []
  if (names.length === 1) yield names[0]!
  for (const child of Object.values(value)) yield* namesIn(child)
}

/** Parameters of lambdas. */
export function* lambdaNames(value: unknown): Generator<string> {
  if (!isNode(value)) return
  if (value.class === 'LAMBDA') yield* namesIn(value['lhs'])
  for (const child of Object.values(value)) yield* lambdaNames(child)
}
