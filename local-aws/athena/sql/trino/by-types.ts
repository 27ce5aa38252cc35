import { QueryError } from '../query-error.ts'
import { withAlias } from './calls.ts'
import { FUNCTIONS } from './functions.ts'
import { castTo, checkComparable, OPERATORS_BY_TYPE, subscript, type Operator } from './operators.ts'
import { isList, isMap } from './rules.ts'
import type { Templates } from './templates.ts'
import { copyOf, isNode, OWN, PENDING, substitute, type Node } from './tree.ts'
import type { TypeOracle, Within } from './types.ts'

/** Where an expression stands. */
interface Place {
  readonly select: Node
  /** Expressions that names stand for in an ORDER BY. */
  readonly aliases: ReadonlyMap<string, Node>
  /** Set within a lambda. */
  readonly within?: Within | undefined
  readonly inTry: boolean
}

/**
 * Gives every call and operator whose meaning follows from types the one that Trino means. Changes the tree: the FROMs
 * of a query first, then its subqueries, then its own expressions, each on a copy, so that what DuckDB is asked about
 * is whole.
 *
 * @throws QueryError for types that Trino does not take
 */
export async function meanByTypes(tree: Node, templates: Templates, oracle: TypeOracle): Promise<void> {
  const statements = tree['statements'] as { node: Node }[]
  for (const { node } of statements) await inQuery(node)

  async function inQuery(query: Node): Promise<void> {
    const { map = [] } = (query['cte_map'] ?? {}) as { map?: { value: { query: { node: Node } } }[] }
    for (const { value } of map) await inQuery(value.query.node)
    if (query.type !== 'SELECT_NODE') {
      for (const side of [query['left'], query['right'], ...(query.children ?? [])])
        if (isNode(side)) await inQuery(side)
      return
    }
    await inFrom(query)
    for (const slot of slotsOf(query)) for (const inner of subqueriesIn(slot)) await inQuery(inner)
    await checkAliases(query)
    const aliases = aliasesOf(query)
    const lists = ['select_list', 'group_expressions'].map((key) => [key, query[key]] as const)
    const made = new Map<string, unknown>()
    for (const [key, list] of lists) made.set(key, await all(list as Node[], query, NO_ALIASES))
    for (const key of ['where_clause', 'having'])
      if (isNode(query[key])) made.set(key, await one(query[key], query, NO_ALIASES))
    const orders = ordersOf(query)
    const ordered = await all(
      orders.map(({ expression }) => expression),
      query,
      aliases,
    )
    Object.assign(query, Object.fromEntries(made))
    for (const [index, order] of orders.entries()) order.expression = ordered[index]!
  }

  function one(expression: Node, select: Node, aliases: Place['aliases']): Promise<Node> {
    return mean(copyOf(expression), { select, aliases, inTry: false })
  }

  async function all(list: readonly Node[], select: Node, aliases: Place['aliases']): Promise<Node[]> {
    const made: Node[] = []
    for (const item of list) made.push(await one(item, select, aliases))
    return made
  }

  /** UNNESTs are left out until their turn comes: their columns may have to be made first. */
  async function inFrom(select: Node): Promise<void> {
    const waiting: { holder: Node; key: string; table: Node }[] = []
    const visit = async (holder: Node, key: string): Promise<void> => {
      const table = holder[key] as Node
      if (table.type === 'JOIN') {
        await visit(table, 'left')
        await visit(table, 'right')
      } else if (table.type === 'SUBQUERY') await inQuery((table['subquery'] as { node: Node }).node)
      else if (table.type === 'TABLE_FUNCTION') {
        waiting.push({ holder, key, table })
        holder[key] = await templates.from('(SELECT NULL) AS "unnest later"', [])
      }
    }
    if (isNode(select['from_table'])) await visit(select, 'from_table')
    for (const { holder, key, table } of waiting) holder[key] = await unnested(table, select)
    await inConditions(select['from_table'] as Node, select)
  }

  async function inConditions(table: Node, select: Node): Promise<void> {
    if (table?.type === 'JOIN') {
      await inConditions(table['left'] as Node, select)
      await inConditions(table['right'] as Node, select)
      if (!isNode(table['condition'])) return
      for (const inner of subqueriesIn(table['condition'])) await inQuery(inner)
      table['condition'] = await one(table['condition'], select, NO_ALIASES)
    } else if (table?.type === 'EXPRESSION_LIST') {
      const values = table['values'] as Node[][]
      for (const [index, row] of values.entries()) values[index] = await all(row, select, NO_ALIASES)
    }
  }

  /** UNNEST of several arrays, of a map or of rows, as DuckDB can say it. */
  async function unnested(table: Node, select: Node): Promise<Node> {
    const unnest = table['function'] as Node
    const args = await all(unnest.children!, select, NO_ALIASES)
    unnest.children = args
    const types: (string | undefined)[] = []
    for (const arg of args) types.push(await oracle.typeOf(select, arg))
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
    const from = await templates.from(`(SELECT ${outer.join(', ')} FROM (SELECT ${named}))`, args)
    return { ...from, alias: table.alias || 'unnest', column_name_alias: table['column_name_alias'] }
  }

  async function mean(node: Node, place: Place): Promise<Node> {
    if (node.class === 'SUBQUERY') {
      if (isNode(node['child'])) node['child'] = await mean(node['child'], place)
      return node
    }
    const pending = node[PENDING]
    if (pending) return await meanCall(node, pending, place)
    const inTry = place.inTry || node.type === 'OPERATOR_TRY'
    const hasLambda = node.children?.some(({ class: kind }) => kind === 'LAMBDA') === true
    const whole = place.within?.whole ?? (hasLambda ? node : undefined)
    for (const [key, value] of Object.entries(node)) {
      const at = (parent: Within['parent'], index: string | number): Place => ({
        ...place,
        inTry,
        within: whole && { whole, parent, key: index },
      })
      if (Array.isArray(value)) {
        for (const [index, item] of value.entries())
          if (isNode(item)) value[index] = await mean(item, at(value, index))
      } else if (isNode(value)) node[key] = await mean(value, at(node, key))
    }
    return node[OWN] ? node : await meanOperator(node, place)
  }

  async function typesOf(args: readonly Node[], place: Place): Promise<string[] | undefined> {
    const types: string[] = []
    for (const arg of args) {
      const literal = literalType(arg)
      const type =
        literal ?? (await oracle.typeOf(place.select, substitute(copyOf(arg), place.aliases), place.within))
      if (type === undefined) return undefined
      types.push(type)
    }
    return types
  }

  async function meanCall(
    node: Node,
    { name, args, node: called, inTry }: NonNullable<Node[typeof PENDING]>,
    place: Place,
  ) {
    const rule = FUNCTIONS[name]
    if (rule?.kind !== 'typed') throw new Error(`${name}: expected a function of types`)
    const meant: Node[] = []
    for (const arg of args) meant.push(arg.class === 'LAMBDA' ? arg : await mean(copyOf(arg), place))
    const typed = await typesOf(
      meant.filter(({ class: kind }) => kind !== 'LAMBDA'),
      place,
    )
    if (!typed) return node
    const made = rule.build(typed, { name, args: meant })
    const { sql, args: all } = typeof made === 'string' ? { sql: made, args: meant } : made
    const expanded = withAlias(await templates.expand(sql, all, called, inTry || place.inTry), node)
    // The elements' types are known only where the array is.
    return meant.some(({ class: kind }) => kind === 'LAMBDA') ? await mean(expanded, place) : expanded
  }

  async function meanOperator(node: Node, place: Place): Promise<Node> {
    const found = operatorOf(node)
    if (!found) return node
    const types = await typesOf(found.args, place)
    const sql = types && found.means(types, node)
    return sql === undefined
      ? node
      : withAlias(await templates.expand(sql, found.args, node, place.inTry), node)
  }

  /** Trino knows the names of a SELECT in its ORDER BY alone. */
  async function checkAliases(select: Node): Promise<void> {
    const aliases = aliasesOf(select)
    if (aliases.size === 0) return
    const slots = [
      select['select_list'],
      select['where_clause'],
      select['group_expressions'],
      select['having'],
    ]
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
      await oracle.typeOf(select, column).catch((error: Error) => {
        if (!/Referenced column/.test(error.message)) throw error
        throw new QueryError('COLUMN_NOT_FOUND', `Column '${name}' cannot be resolved`)
      })
    }
  }
}

const NO_ALIASES: ReadonlyMap<string, Node> = new Map()

interface Found {
  readonly args: readonly Node[]
  readonly means: Operator
}

const compared =
  (operator: string): Operator =>
  (types) => {
    checkComparable(types, operator)
    return undefined
  }

const COMPARISONS: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_GREATERTHAN: '>',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHANOREQUALTO: '>=',
}

/** The operator of a node whose meaning follows from types. */
function operatorOf(node: Node): Found | undefined {
  const { class: kind, type = '', function_name: name = '', children = [] } = node
  if (kind === 'FUNCTION' && OPERATORS_BY_TYPE[name] && children.length === 2)
    return { args: children, means: OPERATORS_BY_TYPE[name] }
  if (kind === 'CAST') {
    const id = (node['cast_type'] as { id: string }).id
    // TRUE and FALSE are texts in the tree.
    return id === 'BOOLEAN' ? undefined : { args: [node['child'] as Node], means: castTo }
  }
  if (type === 'ARRAY_EXTRACT') return { args: children, means: subscript }
  if (kind === 'COMPARISON')
    return { args: [node['left'] as Node, node['right'] as Node], means: compared(COMPARISONS[type] ?? type) }
  if (kind === 'BETWEEN')
    return { args: ['input', 'lower', 'upper'].map((key) => node[key] as Node), means: compared('BETWEEN') }
  if (type === 'COMPARE_IN' || type === 'COMPARE_NOT_IN') return { args: children, means: compared('IN') }
  if (type === 'OPERATOR_COALESCE') return { args: children, means: compared('COALESCE') }
  if (kind === 'CASE') {
    const checks = node['case_checks'] as { then_expr: Node }[]
    return {
      args: [...checks.map(({ then_expr }) => then_expr), node['else_expr'] as Node],
      means: compared('CASE'),
    }
  }
  return undefined
}

const LITERALS: Readonly<Record<string, string>> = {
  VARCHAR: 'STRING_LITERAL',
  INTEGER: 'INTEGER_LITERAL',
  DOUBLE: 'DOUBLE',
  BIGINT: 'BIGINT',
}

function literalType(node: Node): string | undefined {
  if (node.class !== 'CONSTANT') return undefined
  const { type, is_null: isNull } = node['value'] as { type: { id: string }; is_null: boolean }
  return isNull ? '"NULL"' : LITERALS[type.id]
}

interface Order {
  expression: Node
}
const ordersOf = (select: Node): Order[] =>
  ((select['modifiers'] ?? []) as { orders?: Order[] }[]).flatMap(({ orders = [] }) => orders)

const slotsOf = (select: Node): unknown[] => [
  ...['select_list', 'where_clause', 'group_expressions', 'having'].map((key) => select[key]),
  ...ordersOf(select),
]

/** The queries of subqueries, without those inside of them. */
function* subqueriesIn(value: unknown): Generator<Node> {
  if (!isNode(value)) return
  if (value.class === 'SUBQUERY') yield (value['subquery'] as { node: Node }).node
  for (const [key, child] of Object.entries(value))
    if (value.class !== 'SUBQUERY' || key === 'child') yield* subqueriesIn(child)
}

function aliasesOf(select: Node): Map<string, Node> {
  const items = (select['select_list'] as Node[]).filter(
    ({ alias, class: kind, column_names: names }) =>
      alias && !(kind === 'COLUMN_REF' && (names as string[]).at(-1) === alias),
  )
  return new Map(items.map((item) => [item.alias!, { ...item, alias: '' }]))
}

function* namesIn(value: unknown): Generator<string> {
  if (!isNode(value) || value.class === 'SUBQUERY') return
  const names = value.class === 'COLUMN_REF' ? (value['column_names'] as string[]) : []
  if (names.length === 1) yield names[0]!
  for (const child of Object.values(value)) yield* namesIn(child)
}

function* lambdaNames(value: unknown): Generator<string> {
  if (!isNode(value)) return
  if (value.class === 'LAMBDA') yield* namesIn(value['lhs'])
  for (const child of Object.values(value)) yield* lambdaNames(child)
}
