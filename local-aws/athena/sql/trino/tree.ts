/**
 * A node of a query's syntax tree, in the form of the JSON that DuckDB's parser returns. The translation from Trino to
 * DuckDB changes such trees.
 */
export interface Node {
  [key: string]: unknown
  class?: string
  type?: string
  alias?: string
  function_name?: string
  children?: Node[]
  /**
   * True if the node comes from a template of the translation, not from the query, so that it must not be translated
   * again.
   */
  [OWN]?: boolean
  /** The call for which this node is a placeholder, because its translation depends on types that are not known yet. */
  [PENDING]?: Pending
}

/** A call of a Trino function that is translated only when the types of its arguments are known. */
export interface Pending {
  /** Trino's name of the function. */
  readonly name: string
  readonly args: Node[]
  /** The call as written in the query, with its FILTER, OVER and so on. */
  readonly node: Node
  /** True if the call is inside a TRY. */
  readonly inTry: boolean
}

/**
 * Key that marks nodes as written by a template of the translation, not by the query; they are not translated again. It
 * is a symbol, so that JSON.stringify omits it from the tree sent to DuckDB.
 */
export const OWN = Symbol('own')
/**
 * Key under which a placeholder node keeps the call that is still to be translated. It is a symbol, so that
 * JSON.stringify omits it from the tree sent to DuckDB.
 */
export const PENDING = Symbol('pending')

/**
 * Names of the fields of the struct that stands for a timestamp with a time zone other than UTC: the instant, the local
 * time, and the name of the zone.
 */
export const ZONED_MEMBERS = ['$instant', '$local', '$zone'] as const

/** Returns true for any object or array: everything in a tree that is no plain value is a node or a list of nodes. */
export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** Yields the direct children of a node, including each one in a list. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) yield* value.filter(isNode)
    else if (isNode(value)) yield value
  }
}

/** Replaces each direct child of a node by the result of `make`. Changes the node and returns it. */
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

/**
 * Parses the JSON of a tree without losing digits: numbers that JavaScript would write differently are kept as marked
 * texts.
 */
export function parseTree(json: string): Node {
  const marked = json.replace(STRING_OR_NUMBER, (part) =>
    part.startsWith('"') || /^-?\d{1,15}$/.test(part) ? part : `"${EXACT}${part}"`,
  )
  return JSON.parse(marked) as Node
}

/** Returns the exact digits of a number in a tree that {@link parseTree} returned. */
export const digitsOf = (number: unknown): string => String(number).replace(EXACT, '')

/** Returns the JSON of a tree that {@link parseTree} returned, with the exact digits of its numbers. */
export const treeJson = (tree: Node): string => JSON.stringify(tree).replace(MARKED, '$1')

/** Copies a tree deeply, including the members whose keys are symbols. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T
  if (!isNode(value)) return value
  const copy: Node = {}
  for (const key of Reflect.ownKeys(value) as string[]) copy[key] = copyOf(value[key])
  return copy as T
}

const NO_PLACE = 0
const BARE = { alias: '', query_location: NO_PLACE }

/** Creates the node for a call of a DuckDB function. It is marked as not to be translated. */
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

/** Creates the node for a constant text. */
export const text = (value: string): Node => ({
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  ...BARE,
  value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value },
})

/**
 * Creates the node for a CAST.
 *
 * @param id DuckDB's name of the type, which has no parameters
 */
export const cast = (child: Node, id: string): Node => ({
  class: 'CAST',
  type: 'OPERATOR_CAST',
  ...BARE,
  child,
  cast_type: { id, type_info: null },
  try_cast: false,
})

/** Returns the value of a node that is a constant text; undefined for any other node. */
export function constantText(node: Node | undefined): string | undefined {
  if (node?.class !== 'CONSTANT') return undefined
  const { type, value } = node['value'] as { type: { id: string }; value?: unknown }
  return type.id === 'VARCHAR' && typeof value === 'string' ? value : undefined
}

/** Returns the value of a node that is a constant integer; undefined for any other node. */
export function constantInteger(node: Node | undefined): number | undefined {
  if (node?.class !== 'CONSTANT') return undefined
  const { type, value } = node['value'] as { type: { id: string }; value?: unknown }
  return ['INTEGER', 'BIGINT'].includes(type.id) && typeof value === 'number' ? value : undefined
}

/**
 * Replaces names in a tree, such as the parameters of a lambda, by copies of the given expressions. A field of a
 * replaced name, such as `x.a`, becomes the field of the expression. Changes the tree and returns it.
 */
export function substitute(tree: Node, by: ReadonlyMap<string, Node>): Node {
  const name = tree.class === 'COLUMN_REF' ? (tree['column_names'] as string[]) : []
  const found = by.get(name[0] ?? '')
  if (found && name.length === 1) return copyOf(found)
  // A field of a row: x.a.
  if (found)
    return name.slice(1).reduce((row, field) => call('struct_extract', row, text(field)), copyOf(found))
  return mapChildren(tree, (child) => substitute(child, by))
}
