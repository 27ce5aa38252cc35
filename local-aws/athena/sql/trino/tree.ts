/** A node of the tree that DuckDB's parser gives as JSON, as far as it is looked at. */
export interface Node {
  [key: string]: unknown
  class?: string
  type?: string
  alias?: string
  function_name?: string
  children?: Node[]
  /** Set for what a template wrote, and not the query: it means what DuckDB means by it. */
  [OWN]?: boolean
  /** Set for a call whose meaning follows from the types of its arguments: stands for it until these are known. */
  [PENDING]?: Pending
}

/** A call by Trino's name. */
export interface Pending {
  readonly name: string
  readonly args: Node[]
  /** As it was written, with its FILTER, OVER and so on. */
  readonly node: Node
  readonly inTry: boolean
}

/** Symbols, so that DuckDB is not told. */
export const OWN = Symbol('own')
export const PENDING = Symbol('pending')

/** Members of the struct that stands for a timestamp with a time zone other than UTC. */
export const ZONED_MEMBERS = ['$instant', '$local', '$zone'] as const

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** The nodes right below one. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) yield* value.filter(isNode)
    else if (isNode(value)) yield value
  }
}

/** Puts what `make` makes of them in the places of the nodes right below one. Changes the node. */
export function mapChildren<N extends Node>(node: N, make: (child: Node) => Node): N {
  const parent: Node = node
  for (const [key, value] of Object.entries(parent)) {
    if (Array.isArray(value)) parent[key] = value.map((item: unknown) => (isNode(item) ? make(item) : item))
    else if (isNode(value)) parent[key] = make(value)
  }
  return node
}

/** Marks a number that JavaScript would write otherwise. */
const EXACT = 'exact number '
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const MARKED = new RegExp(`"${EXACT}(-?[\\d.eE+-]+)"`, 'g')

/** Parses a tree without changing the digits of its numbers. */
export function parseTree(json: string): Node {
  const marked = json.replace(STRING_OR_NUMBER, (part) =>
    part.startsWith('"') || /^-?\d{1,15}$/.test(part) ? part : `"${EXACT}${part}"`,
  )
  return JSON.parse(marked) as Node
}

/** The digits of a number of a tree that {@link parseTree} has parsed. */
export const digitsOf = (number: unknown): string => String(number).replace(EXACT, '')

/** The JSON of a tree that {@link parseTree} has parsed. */
export const treeJson = (tree: Node): string => JSON.stringify(tree).replace(MARKED, '$1')

/** A copy of a tree, with what only this package knows of its nodes. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T
  if (!isNode(value)) return value
  const copy: Node = {}
  for (const key of Reflect.ownKeys(value) as string[]) copy[key] = copyOf(value[key])
  return copy as T
}

const NO_PLACE = 0
const BARE = { alias: '', query_location: NO_PLACE }

/** A call of a function of DuckDB's. */
export const call = (name: string, ...children: Node[]): Node => ({
  class: 'FUNCTION',
  type: 'FUNCTION',
  ...BARE,
  function_name: name,
  schema: '',
  children,
  filter: null,
  order_bys: { type: 'ORDER_MODIFIER', orders: [] },
  distinct: false,
  is_operator: false,
  export_state: false,
  catalog: '',
  [OWN]: true,
})

/** A constant text. */
export const text = (value: string): Node => ({
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  ...BARE,
  value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value },
})

/** A cast to a simple type. */
export const cast = (child: Node, id: string): Node => ({
  class: 'CAST',
  type: 'OPERATOR_CAST',
  ...BARE,
  child,
  cast_type: { id, type_info: null },
  try_cast: false,
})

/** The text of a constant one; undefined for another expression. */
export function constantText(node: Node | undefined): string | undefined {
  if (node?.class !== 'CONSTANT') return undefined
  const { type, value } = node['value'] as { type: { id: string }; value?: unknown }
  return type.id === 'VARCHAR' && typeof value === 'string' ? value : undefined
}

/** The number of a constant integer; undefined for another expression. */
export function constantInteger(node: Node | undefined): number | undefined {
  if (node?.class !== 'CONSTANT') return undefined
  const { type, value } = node['value'] as { type: { id: string }; value?: unknown }
  return ['INTEGER', 'BIGINT'].includes(type.id) && typeof value === 'number' ? value : undefined
}

/** Puts expressions in the places of columns named by one word, as a lambda's parameters are. Changes the tree. */
export function substitute(tree: Node, by: ReadonlyMap<string, Node>): Node {
  const name = tree.class === 'COLUMN_REF' ? (tree['column_names'] as string[]) : []
  const found = by.get(name[0] ?? '')
  if (found && name.length === 1) return copyOf(found)
  // A field of a row: x.a.
  if (found)
    return name.slice(1).reduce((row, field) => call('struct_extract', row, text(field)), copyOf(found))
  return mapChildren(tree, (child) => substitute(child, by))
}
