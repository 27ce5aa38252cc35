import { QueryError } from '../query-error.ts'
import type { Node } from './tree.ts'

/** A call as a rule sees it: its arguments, already rewritten. */
export interface Call {
  readonly name: string
  readonly args: readonly Node[]
}

/**
 * SQL of DuckDB with the arguments as `$1`, `$2` …, and further ones. `fail(message, like)` fails the query, within TRY
 * as well, and has the type of `like`; `apply($2, x, …)` is the lambda `$2` with these arguments.
 */
export interface Written {
  readonly sql: string
  readonly args: readonly Node[]
}

/** What a function of Trino is in DuckDB. */
export type Rule =
  /** The same, or of another name: modifiers such as FILTER, DISTINCT and OVER stay. */
  | { readonly kind: 'named'; readonly name?: string; readonly counts: readonly number[] }
  /** SQL by the number of arguments. Aggregates in it that begin with `agg_` get the call's modifiers. */
  | { readonly kind: 'sql'; readonly templates: ReadonlyMap<number, string> }
  /** SQL that follows from constants among the arguments. */
  | { readonly kind: 'built'; readonly build: (call: Call) => string | Written }
  /** SQL that follows from the arguments' types; `lenient` stands for it until they are known. */
  | {
      readonly kind: 'typed'
      readonly counts: readonly number[]
      readonly lenient: string
      readonly build: (types: readonly string[], call: Call) => string | Written
    }
  /** Not here: what to use instead. */
  | { readonly kind: 'refused'; readonly use: string }

export type Rules = Readonly<Record<string, Rule>>

/** DuckDB's function of that name, with as many arguments. */
export const same = (...counts: readonly number[]): Rule => ({ kind: 'named', counts })
/** DuckDB's function of another name. */
export const named = (name: string, ...counts: readonly number[]): Rule => ({ kind: 'named', name, counts })
/** SQL for each number of arguments: the highest `$n` of a template says which. */
export const sql = (...templates: readonly string[]): Rule => ({
  kind: 'sql',
  templates: new Map(templates.map((template) => [highest(template), template])),
})
export const built = (build: (call: Call) => string | Written): Rule => ({ kind: 'built', build })
export const typed = (
  counts: readonly number[],
  lenient: string,
  build: (types: readonly string[], call: Call) => string | Written,
): Rule => ({ kind: 'typed', counts, lenient, build })
export const refused = (use: string): Rule => ({ kind: 'refused', use })

const highest = (template: string) =>
  Math.max(0, ...[...template.matchAll(/\$(\d+)/g)].map(([, digits]) => Number(digits)))

/** The names of Trino's types, for messages. */
export function wrongTypes({ name }: Call, types: readonly string[]): QueryError {
  const found = types.map(trinoType).join(', ')
  return new QueryError('FUNCTION_NOT_FOUND', `Unexpected parameters (${found}) for function ${name}.`)
}

/** Refused, because DuckDB cannot say what Trino says. */
export const notHere = (name: string, use: string): QueryError =>
  new QueryError('NOT_SUPPORTED', `${name} is not implemented here: ${use}.`)

const NAMES: Readonly<Record<string, string>> = {
  INTEGER_LITERAL: 'integer',
  STRING_LITERAL: 'varchar',
  HUGEINT: 'bigint',
  UBIGINT: 'bigint',
  FLOAT: 'real',
  BLOB: 'varbinary',
  '"NULL"': 'unknown',
}
/** Trino's name of a type of DuckDB's. */
export const trinoType = (type: string): string => NAMES[type] ?? type.toLowerCase()

export const isText = (type: string) => type === 'VARCHAR' || type === 'STRING_LITERAL'
export const isList = (type: string) => type.endsWith(']')
export const isMap = (type: string) => type.startsWith('MAP(') && !isList(type)
export const isRow = (type: string) => type.startsWith('STRUCT(') && !isList(type)
export const isDecimal = (type: string) => type.startsWith('DECIMAL(') && !isList(type)
export const isFloat = (type: string) => type === 'DOUBLE' || type === 'FLOAT'
export const isNull = (type: string) => type === '"NULL"'
/** Digits before the point of the integer types, as Trino makes decimals of them. */
export const INTEGERS: Readonly<Record<string, number>> = {
  TINYINT: 3,
  UTINYINT: 5,
  SMALLINT: 5,
  USMALLINT: 10,
  INTEGER: 10,
  INTEGER_LITERAL: 10,
  UINTEGER: 19,
  BIGINT: 19,
  UBIGINT: 19,
  // Trino counts and sums in 64 bits.
  HUGEINT: 19,
}
export const isInteger = (type: string) => type in INTEGERS
export const isNumber = (type: string) => isInteger(type) || isFloat(type) || isDecimal(type)
export const isInstant = (type: string) => /^(?:DATE|TIMESTAMP(?:_\w+)?|TIMESTAMP WITH TIME ZONE)$/.test(type)

/** Precision and scale of a number that is exact. */
export function decimalOf(type: string): readonly [number, number] {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? []
  return precision === undefined ? [INTEGERS[type]!, 0] : [Number(precision), Number(scale)]
}
