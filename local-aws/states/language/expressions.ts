import jsonata, { type Expression, type ExprNode, type JsonataError } from 'jsonata'
import { EXPRESSION } from './definition.ts'
import { QUERY_EVALUATION_ERROR, StateError } from './errors.ts'
import { registerFunctions } from './functions.ts'

/** Values that a JSONata expression can use, by name without `$`: variables, functions, and `states`. */
export type Bindings = Readonly<Record<string, unknown>>

const compiled = new Map<string, Expression>()

/** Returns true for a string of the form `{% … %}`, which is evaluated; any other value stands for itself. */
export const isExpression = (value: unknown): value is string =>
  typeof value === 'string' && EXPRESSION.test(value)

/**
 * Compiles the JSONata expression in `{% … %}`, with the functions that Step Functions adds to JSONata. The result is
 * cached until the process ends.
 *
 * @throws Error if it does not parse, or uses `$eval`
 */
export function compile(text: string): Expression {
  const cached = compiled.get(text)
  if (cached) return cached
  const expression = jsonata(EXPRESSION.exec(text)![1]!)
  if (namesVariable(expression.ast(), 'eval')) throw new Error('$eval is not supported. Use $parse for JSON.')
  registerFunctions(expression)
  compiled.set(text, expression)
  return expression
}

function namesVariable(node: ExprNode, name: string): boolean {
  if (node.type === 'variable' && node.value === name) return true
  return Object.values(node).some(
    (value: unknown) => typeof value === 'object' && value !== null && namesVariable(value as ExprNode, name),
  )
}

/**
 * Returns a field of a state in which every expression, at any depth, is replaced by its value.
 *
 * @param template the field's value in the definition
 * @param field name of the field, for the error's cause
 * @throws StateError States.QueryEvaluationError if an expression fails, or returns nothing or a function
 */
export async function evaluate(template: unknown, bindings: Bindings, field: string): Promise<unknown> {
  if (isExpression(template)) return evaluateExpression(template, bindings, field)
  if (Array.isArray(template)) {
    const values: unknown[] = []
    for (const [index, item] of template.entries())
      values.push(await evaluate(item, bindings, `${field}[${index}]`))
    return values
  }
  if (typeof template === 'object' && template !== null) {
    const entries: [string, unknown][] = []
    for (const [name, item] of Object.entries(template)) {
      entries.push([name, await evaluate(item, bindings, `${field}/${name}`)])
    }
    return Object.fromEntries(entries)
  }
  return template
}

async function evaluateExpression(text: string, bindings: Bindings, field: string): Promise<unknown> {
  const problem = (what: string) =>
    new StateError(
      QUERY_EVALUATION_ERROR,
      `The JSONata expression '${text.slice(2, -2).trim()}' specified for the field '${field}' ${what}`,
    )
  let value: unknown
  try {
    value = await compile(text).evaluate(undefined, bindings)
  } catch (error) {
    const { code, message } = error as JsonataError
    throw problem(`threw an error during evaluation. ${code ? `${code}: ` : ''}${message}`)
  }
  const json = JSON.stringify(value, (_key, item: unknown) => {
    if (isFunction(item)) throw problem('returned an unsupported result type: a function.')
    return item
  }) as string | undefined
  if (json === undefined) throw problem('returned nothing (undefined).')
  // JSONata's sequences are arrays with hidden properties; state is plain JSON.
  return JSON.parse(json) as unknown
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true
  const isObject = typeof value === 'object' && value !== null
  return isObject && ('_jsonata_function' in value || '_jsonata_lambda' in value)
}
