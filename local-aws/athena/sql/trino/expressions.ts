import { withAlias } from './calls.ts'
import { FUNCTIONS } from './functions.ts'
import { castTo, checkComparable, OPERATORS_BY_TYPE, subscript, type Operator } from './operators.ts'
import type { Templates } from './templates.ts'
import { copyOf, isNode, OWN, PENDING, substitute, type Node } from './tree.ts'
import type { TypeOracle, Within } from './types.ts'

/** Tools with which expressions are translated: templates of SQL, and the types of expressions. */
export interface Meanings {
  readonly templates: Templates
  readonly oracle: TypeOracle
}

/** The surroundings of an expression. */
interface Place {
  readonly select: Node
  /** Expressions by the names that an ORDER BY can use. */
  readonly aliases: ReadonlyMap<string, Node>
  /** Set inside a lambda. */
  readonly within?: Within | undefined
  readonly inTry: boolean
}

/** An empty map of aliases, for expressions outside an ORDER BY, which cannot use names of selected expressions. */
export const NO_ALIASES: ReadonlyMap<string, Node> = new Map()

/**
 * Returns a translated copy of an expression, in which calls and operators have the meaning that they have in Trino.
 *
 * @param select the SELECT that the expression belongs to
 * @param aliases selected expressions by the names that the expression can use
 */
export function one(
  context: Meanings,
  expression: Node,
  select: Node,
  aliases: Place['aliases'],
): Promise<Node> {
  return mean(context, copyOf(expression), { select, aliases, inTry: false })
}

/** Returns translated copies of several expressions, in their order; see {@link one}. */
export async function all(
  context: Meanings,
  list: readonly Node[],
  select: Node,
  aliases: Place['aliases'],
): Promise<Node[]> {
  const made: Node[] = []
  for (const item of list) made.push(await one(context, item, select, aliases))
  return made
}

async function mean(context: Meanings, node: Node, place: Place): Promise<Node> {
  if (node.class === 'SUBQUERY') {
    if (isNode(node['child'])) node['child'] = await mean(context, node['child'], place)
    return node
  }
  const pending = node[PENDING]
  if (pending) return await meanCall(context, node, pending, place)
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
        if (isNode(item)) value[index] = await mean(context, item, at(value, index))
    } else if (isNode(value)) node[key] = await mean(context, value, at(node, key))
  }
  return node[OWN] ? node : await meanOperator(context, node, place)
}

async function typesOf(
  context: Meanings,
  args: readonly Node[],
  place: Place,
): Promise<string[] | undefined> {
  const types: string[] = []
  for (const arg of args) {
    const literal = literalType(arg)
    const type =
      literal ??
      (await context.oracle.typeOf(place.select, substitute(copyOf(arg), place.aliases), place.within))
    if (type === undefined) return undefined
    types.push(type)
  }
  return types
}

async function meanCall(
  context: Meanings,
  node: Node,
  { name, args, node: called, inTry }: NonNullable<Node[typeof PENDING]>,
  place: Place,
) {
  const rule = FUNCTIONS[name]
  if (rule?.kind !== 'typed') throw new Error(`${name}: expected a function of types`)
  const meant: Node[] = []
  for (const arg of args) meant.push(arg.class === 'LAMBDA' ? arg : await mean(context, copyOf(arg), place))
  const typed = await typesOf(
    context,
    meant.filter(({ class: kind }) => kind !== 'LAMBDA'),
    place,
  )
  if (!typed) return node
  const made = rule.build(typed, { name, args: meant })
  const { sql, args: all } = typeof made === 'string' ? { sql: made, args: meant } : made
  const expanded = withAlias(await context.templates.expand(sql, all, called, inTry || place.inTry), node)
  // The types of the elements are known only now that the array is in place.
  return meant.some(({ class: kind }) => kind === 'LAMBDA') ? await mean(context, expanded, place) : expanded
}

async function meanOperator(context: Meanings, node: Node, place: Place): Promise<Node> {
  const found = operatorOf(node)
  if (!found) return node
  const types = await typesOf(context, found.args, place)
  const sql = types && found.means(types, node)
  return sql === undefined
    ? node
    : withAlias(await context.templates.expand(sql, found.args, node, place.inTry), node)
}

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

/** Returns the operator of a node whose meaning depends on types; undefined for other nodes. */
function operatorOf(node: Node): Found | undefined {
  const { class: kind, type = '', function_name: name = '', children = [] } = node
  if (kind === 'FUNCTION' && OPERATORS_BY_TYPE[name] && children.length === 2)
    return { args: children, means: OPERATORS_BY_TYPE[name] }
  if (kind === 'CAST') {
    const id = (node['cast_type'] as { id: string }).id
    // TRUE and FALSE are casts of texts in the tree.
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
