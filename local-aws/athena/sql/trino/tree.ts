/** A node of the syntax tree that DuckDB's parser returns as JSON. */
export interface Node {
  [key: string]: unknown
  class?: string
  type?: string
  alias?: string
  function_name?: string
  children?: Node[]
  /** Set if a template wrote it, not the query: it has DuckDB's meaning already. */
  [OWN]?: boolean
  /**
   * Set for a call whose meaning depends on the types of its arguments; the node is a placeholder until they are known.
   */
  [PENDING]?: Pending
}

/** A call by Trino's name. */
export interface Pending {
  readonly name: string
  readonly args: Node[]
  /** The call as written, with its FILTER, OVER and so on. */
  readonly node: Node
  readonly inTry: boolean
}

/** Key of a mark on nodes that a template wrote. A symbol, so that JSON for DuckDB omits it. */
export const OWN = Symbol('own')
/** Key of the call that a node is a placeholder for. A symbol, so that JSON for DuckDB omits it. */
export const PENDING = Symbol('pending')

/** Members of the struct that represents a timestamp with a time zone other than UTC. */
export const ZONED_MEMBERS = ['$instant', '$local', '$zone'] as const

/** True for any object or array, since all in a tree are nodes or lists of them. */
export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** Yields the direct children of a node. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) yield* value.filter(isNode)
    else if (isNode(value)) yield value
  }
}

/** Replaces the direct children of a node by the results of `make`. Changes the node. */
export function mapChildren<N extends Node>(node: N, make: (child: Node) => Node): N {
  const parent: Node = node
  for (const [key, value] of Object.entries(parent)) {
    if (Array.isArray(value)) parent[key] = value.map((item: unknown) => (isNode(item) ? make(item) : item))
    else if (isNode(value)) parent[key] = make(value)
  }
  return node
}

/** Marks a number that JavaScript would write differently. */
const EXACT = 'exact number '
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const MARKED = new RegExp(`"${EXACT}(-?[\\d.eE+-]+)"`, 'g')

/** Parses a tree and keeps the exact digits of its numbers. */
export function parseTree(json: string): Node {
  const marked = json.replace(STRING_OR_NUMBER, (part) =>
    part.startsWith('"') || /^-?\d{1,15}$/.test(part) ? part : `"${EXACT}${part}"`,
  )
  return JSON.parse(marked) as Node
}

/** Returns the digits of a number in a tree from {@link parseTree}. */
export const digitsOf = (number: unknown): string => String(number).replace(EXACT, '')

/** Returns the JSON of a tree from {@link parseTree}. */
export const treeJson = (tree: Node): string => JSON.stringify(tree).replace(MARKED, '$1')

/** Copies a tree, including the marks with symbols as keys. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T
  if (!isNode(value)) return value
  const copy: Node = {}
  for (const key of Reflect.ownKeys(value) as string[]) copy[key] = copyOf(value[key])
  return copy as T
}

const NO_PLACE = 0
const BARE = { alias: '', query_location: NO_PLACE }

/** Returns a call of a DuckDB function. */
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

/** Returns a constant text. */
export const text = (value: string): Node => ({
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  ...BARE,
  value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value },
})

/** Returns a cast to a type without parameters. */
export const cast = (child: Node, id: string): Node => ({
  class: 'CAST',
  type: 'OPERATOR_CAST',
  ...BARE,
  child,
  cast_type: { id, type_info: null },
  try_cast: false,
})

/** Returns the text of a constant text; undefined for any other expression. */
export function constantText(node: Node | undefined): string | undefined {
  if (node?.class !== 'CONSTANT') return undefined
  const { type, value } = node['value'] as { type: { id: string }; value?: unknown }
  return type.id === 'VARCHAR' && typeof value === 'string' ? value : undefined
}

/** Returns the number of a constant integer; undefined for any other expression. */
export function constantInteger(node: Node | undefined): number | undefined {
  if (node?.class !== 'CONSTANT') return undefined
  const { type, value } = node['value'] as { type: { id: string }; value?: unknown }
  return ['INTEGER', 'BIGINT'].includes(type.id) && typeof value === 'number' ? value : undefined
}

/** Replaces columns that a single word names, such as a lambda's parameters, by expressions. Changes the tree. */
export function substitute(tree: Node, by: ReadonlyMap<string, Node>): Node {
  const name = tree.class === 'COLUMN_REF' ? (tree['column_names'] as string[]) : []
  const found = by.get(name[0] ?? '')
  if (found && name.length === 1) return copyOf(found)
  // A field of a row: x.a.
  if (found)
    return name.slice(1).reduce((row, field) => call('struct_extract', row, text(field)), copyOf(found))
  return mapChildren(tree, (child) => substitute(child, by))
}
