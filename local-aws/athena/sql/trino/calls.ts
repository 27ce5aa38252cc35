import { QueryError } from '../query-error.ts'
import { EXTRACTED, READ_ON_CLOCKS, ZONED } from './dates.ts'
import { FUNCTIONS, OPERATORS } from './functions.ts'
import { WITH_ZONE } from './operators.ts'
import { notHere, type Rule } from './rules.ts'
import type { Templates } from './templates.ts'
import {
  call,
  cast,
  childrenOf,
  constantText,
  copyOf,
  isNode,
  OWN,
  PENDING,
  ZONED_MEMBERS,
  text,
  type Node,
} from './tree.ts'

/** A value with a time zone other than UTC, which DuckDB lacks: the function that reads it takes what it needs. */
interface Zoned extends Node {
  readonly class: 'ZONED'
  readonly name: string
  readonly instant: Node
  readonly local: Node
  readonly zone: Node
}
const isZoned = (node: unknown): node is Zoned => isNode(node) && node.class === 'ZONED'

/**
 * Translates all calls of Trino's functions whose translation does not depend on types. The others are replaced by
 * placeholders, which `meanByTypes` translates. Changes the tree.
 *
 * @throws QueryError FUNCTION_NOT_FOUND for a function that Athena lacks, NOT_SUPPORTED for one that is not translated
 */
export async function renameCalls(tree: Node, templates: Templates): Promise<void> {
  const visit = async (node: Node, inTry: boolean): Promise<Node> => {
    const within = inTry || node.type === 'OPERATOR_TRY'
    for (const key of ['lhs', 'child']) if (isRow(node[key])) keepRow(node[key])
    for (const [key, value] of Object.entries(node)) {
      if (Array.isArray(value)) {
        for (const [index, item] of value.entries())
          if (isNode(item)) value[index] = await visit(item, within)
      } else if (isNode(value)) node[key] = await visit(value, within)
    }
    return await renamed(readZones(node), within, templates)
  }
  await visit(tree, false)
  for (const { node } of tree['statements'] as { node: Node }[]) showZones(node)
  refuseZones(tree)
}

/**
 * Makes zoned values that a query itself selects structs, to be shown with local time and zone and sorted by instant.
 */
function showZones(query: Node): void {
  const items = (query['select_list'] ?? []) as Node[]
  for (const [index, item] of items.entries()) {
    if (!isZoned(item)) continue
    const members = [item.instant, item.local, item.zone].map((part, at) => ({
      ...part,
      alias: ZONED_MEMBERS[at]!,
    }))
    items[index] = withAlias(call('struct_pack', ...members), item)
  }
}

const isCall = ({ class: kind, type }: Node) =>
  kind === 'FUNCTION' || (kind === 'WINDOW' && type !== undefined)

async function renamed(node: Node, inTry: boolean, templates: Templates): Promise<Node> {
  if (node.type === 'ARRAY_SLICE') throw foreign('[ : ]')
  if (node.type === 'TABLE_FUNCTION') checkTableFunction(node)
  const literal = zonedLiteral(node)
  if (literal) return await zonedOf('a timestamp of that zone', ...literal, node, templates)
  if (!isCall(node)) return node
  const { function_name: name = '', children = [] } = node
  if (node['schema'] === 'main') return await ofParser(node, name, children, templates)
  if ((OPERATORS.has(name) && !OF_PARSER.has(name)) || name === 'unnest') return node
  const zoned = ZONED[name]?.(children)
  if (zoned) return await zonedOf(name, zoned, children, node, templates)
  const rule = FUNCTIONS[name]
  if (!rule && !/^\w+$/.test(name)) throw foreign(name.endsWith('~~*') ? 'ILIKE' : name)
  if (!rule) throw new QueryError('FUNCTION_NOT_FOUND', `Function '${name}' not registered`)
  return withAlias(await applyRule(node, rule, inTry, templates), node)
}

/** Rewrites a call that the parser makes of syntax. */
async function ofParser(node: Node, name: string, children: Node[], templates: Templates): Promise<Node> {
  if (name === 'timezone')
    return await zonedOf('AT TIME ZONE', ZONED['at_timezone']!([])!, children.toReversed(), node, templates)
  if (name === 'date_part') {
    const part = constantText(children[0])?.toLowerCase() ?? ''
    if (!EXTRACTED[part])
      throw notHere(`EXTRACT of ${part}`, `use one of ${Object.keys(EXTRACTED).join(', ')}`)
    return withAlias(call('date_part', text(EXTRACTED[part]), children[1]!), node)
  }
  if (name === 'struct_pack') throw foreign('{')
  if (isRow(node)) return node[OWN] ? node : withAlias(anonymousRow(children), node)
  if (OPERATORS.has(name)) return node
  const rule = FUNCTIONS[name]
  if (!rule) throw foreign(name)
  return withAlias(await applyRule(node, rule, false, templates), node)
}

const isRow = (node: unknown): node is Node =>
  isNode(node) && node.class === 'FUNCTION' && node.function_name === 'row'

/** Keeps a row of syntax: a lambda's parameters, a cast to a row with names, or a comparison with a subquery. */
function keepRow(node: Node): void {
  node[OWN] = true
}

/** Returns a row without names with the names that Athena shows for its fields. */
const anonymousRow = (children: readonly Node[]): Node =>
  call('struct_pack', ...children.map((child, index) => ({ ...child, alias: `field${index}` })))

/** Functions that only the parser calls, in a schema of its own. */
const OF_PARSER: ReadonlySet<string> = new Set(['list_value', 'row'])

const foreign = (what: string) =>
  new QueryError('NOT_SUPPORTED', `mismatched input '${what}': DuckDB has it, Athena has not.`)

function checkTableFunction(node: Node): void {
  const name = (node['function'] as Node).function_name ?? ''
  if (name !== 'unnest') throw new QueryError('FUNCTION_NOT_FOUND', `Table function '${name}' not registered`)
}

/** Gives a new expression the alias of the expression `of` that it replaces. Changes the new one and returns it. */
export const withAlias = (made: Node, of: Node): Node => {
  made.alias = of.alias ?? ''
  return made
}

async function applyRule(node: Node, rule: Rule, inTry: boolean, templates: Templates): Promise<Node> {
  const { function_name: name = '', children: args = [] } = node
  const expand = (sql: string, all: readonly Node[] = args) => templates.expand(sql, all, node, inTry)
  switch (rule.kind) {
    case 'refused':
      throw notHere(name, rule.use)
    case 'named':
      checkCount(name, args, rule.counts)
      return { ...node, function_name: rule.name ?? name }
    case 'sql': {
      checkCount(name, args, [...rule.templates.keys()])
      return await expand(rule.templates.get(args.length)!)
    }
    case 'built': {
      if (name === 'date') return castToDate(args)
      const made = rule.build({ name, args })
      return typeof made === 'string' ? await expand(made) : await expand(made.sql, made.args)
    }
    case 'typed': {
      checkCount(name, args, rule.counts)
      const lenient = await expand(rule.lenient)
      lenient[PENDING] = { name, args: copyOf(args), node: copyOf(node), inTry }
      return lenient
    }
  }
}

/** Splits a timestamp literal with a zone other than UTC into its SQL and the literal's parts; undefined for others. */
function zonedLiteral(
  node: Node,
): readonly [ReturnType<(typeof ZONED)[string]> & object, Node[]] | undefined {
  const written = node.class === 'CAST' ? constantText(node['child'] as Node) : undefined
  const { id } = (node['cast_type'] ?? { id: '' }) as { id: string }
  if (written === undefined || !id.startsWith('TIMESTAMP') || !WITH_ZONE.test(written)) return undefined
  const [, at = '', zone = ''] =
    /^(.*?:[\d.:]*?)\s*([A-Za-z][\w/+-]*|[+-]\d{2}:\d{2})\s*$/.exec(written) ?? []
  if (/^(?:UTC|Z|GMT|[+-]00:00)$/.test(zone)) return undefined
  return [
    { instant: 'CAST($3 AS TIMESTAMPTZ)', local: 'CAST($1 AS TIMESTAMP)' },
    [text(at), text(zone), text(written)],
  ]
}

/** Rewrites `date(x)` as CAST(x AS DATE). */
function castToDate(args: readonly Node[]): Node {
  checkCount('date', args, [1])
  return cast(args[0]!, 'DATE')
}

function checkCount(name: string, args: readonly Node[], counts: readonly number[]): void {
  if (counts.includes(args.length)) return
  const expected = counts.toSorted((one, other) => one - other).join(' or ')
  throw new QueryError(
    'FUNCTION_NOT_FOUND',
    `Function ${name}: expected ${expected} arguments, found ${args.length}.`,
  )
}

async function zonedOf(
  name: string,
  { instant, local }: { readonly instant: string; readonly local: string },
  args: readonly Node[],
  node: Node,
  templates: Templates,
): Promise<Node> {
  const unzoned = args.map((arg) => (isZoned(arg) ? arg.instant : arg))
  const expand = (sql: string) => templates.expand(sql, unzoned, node, false)
  return {
    class: 'ZONED',
    name,
    alias: node.alias ?? '',
    instant: await expand(instant),
    local: await expand(local),
    zone: unzoned[1]!,
  }
}

/** Takes zoned values apart: functions of local time get the local time, comparisons the instant. */
function readZones(node: Node): Node {
  const { class: kind, function_name: name = '', children } = node
  if (kind === 'FUNCTION' && name === 'date_trunc' && isZoned(children?.[1])) {
    const [unit, zoned] = children as [Node, Zoned]
    const local: Node = { ...node, children: [unit, zoned.local] }
    return { ...zoned, alias: node.alias ?? '', local, instant: call('timezone', zoned.zone, copyOf(local)) }
  }
  if (
    kind === 'FUNCTION' &&
    (READ_ON_CLOCKS.has(name) || (name === 'date_part' && node['schema'] === 'main'))
  ) {
    node.children = children!.map((child) => (isZoned(child) ? child.local : child))
  } else if (kind === 'FUNCTION' && (name === 'to_unixtime' || name === 'date_diff')) {
    node.children = children!.map((child) => (isZoned(child) ? child.instant : child))
  } else if (kind === 'CAST' && isZoned(node['child'])) {
    const { id } = node['cast_type'] as { id: string }
    if (id === 'DATE' || (id.startsWith('TIMESTAMP') && !id.endsWith('TZ') && !id.includes('ZONE')))
      node['child'] = node['child'].local
  } else if (kind === 'COMPARISON' || kind === 'BETWEEN') {
    for (const key of ['left', 'right', 'input', 'lower', 'upper']) {
      const value = node[key]
      if (isZoned(value)) node[key] = value.instant
    }
  }
  return node
}

/**
 * Checks that no zoned value is left.
 *
 * @throws QueryError NOT_SUPPORTED for a zoned value that nothing has taken apart
 */
function refuseZones(node: Node): void {
  if (isZoned(node)) {
    throw notHere(
      `${node.name} here`,
      'DuckDB keeps no time zones: CAST(… AS timestamp) is what clocks show there, as are hour(…), date_format(…) and their like',
    )
  }
  for (const child of childrenOf(node)) refuseZones(child)
}
