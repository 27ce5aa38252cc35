import { QueryError } from '../query-error.ts'
import type { Node } from './tree.ts'

/** A call as a rule sees it, with its arguments already rewritten. */
export interface Call {
  readonly name: string
  readonly args: readonly Node[]
}

/**
 * SQL of DuckDB with placeholders `$1`, `$2` …, and their expressions. `fail(message, like)` fails the query, inside
 * TRY as well, and has the type of `like`; `apply($2, x, …)` applies the lambda `$2` to these arguments.
 */
export interface Written {
  readonly sql: string
  readonly args: readonly Node[]
}

/** Translation of one function of Trino to DuckDB. */
export type Rule =
  /** DuckDB's function of the same or another name: modifiers such as FILTER, DISTINCT and OVER stay. */
  | { readonly kind: 'named'; readonly name?: string; readonly counts: readonly number[] }
  /** SQL by the number of arguments. Its aggregates that begin with `agg_` get the call's modifiers. */
  | { readonly kind: 'sql'; readonly templates: ReadonlyMap<number, string> }
  /** SQL built from constants among the arguments. */
  | { readonly kind: 'built'; readonly build: (call: Call) => string | Written }
  /** SQL built from the arguments' types; `lenient` is in its place until these are known. */
  | {
      readonly kind: 'typed'
      readonly counts: readonly number[]
      readonly lenient: string
      readonly build: (types: readonly string[], call: Call) => string | Written
    }
  /** Not available here; `use` says what to use instead. */
  | { readonly kind: 'refused'; readonly use: string }

/** Rules by the function's name in Trino. */
export type Rules = Readonly<Record<string, Rule>>

/** Makes a rule for DuckDB's function of the same name, with these numbers of arguments. */
export const same = (...counts: readonly number[]): Rule => ({ kind: 'named', counts })
/** Makes a rule for DuckDB's function of another name, with these numbers of arguments. */
export const named = (name: string, ...counts: readonly number[]): Rule => ({ kind: 'named', name, counts })
/** Makes a rule of SQL templates; the highest `$n` of each is its number of arguments. */
export const sql = (...templates: readonly string[]): Rule => ({
  kind: 'sql',
  templates: new Map(templates.map((template) => [highest(template), template])),
})
/** Makes a rule that builds SQL from constants among the arguments. */
export const built = (build: (call: Call) => string | Written): Rule => ({ kind: 'built', build })
/** Makes a rule that builds SQL from the arguments' types, with these numbers of arguments. */
export const typed = (
  counts: readonly number[],
  lenient: string,
  build: (types: readonly string[], call: Call) => string | Written,
): Rule => ({ kind: 'typed', counts, lenient, build })
/** Makes a rule that refuses the function and says what to use instead. */
export const refused = (use: string): Rule => ({ kind: 'refused', use })

const highest = (template: string) =>
  Math.max(0, ...[...template.matchAll(/\$(\d+)/g)].map(([, digits]) => Number(digits)))

/** Returns Trino's error for arguments of the wrong types, which it names as Trino does. */
export function wrongTypes({ name }: Call, types: readonly string[]): QueryError {
  const found = types.map(trinoType).join(', ')
  return new QueryError('FUNCTION_NOT_FOUND', `Unexpected parameters (${found}) for function ${name}.`)
}

/** Returns the error for something in Trino that DuckDB cannot express. */
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
/** Returns Trino's name of a type of DuckDB. */
export const trinoType = (type: string): string => NAMES[type] ?? type.toLowerCase()

/** True for text. These tests take types in DuckDB's spelling, as a type oracle tells them. */
export const isText = (type: string) => type === 'VARCHAR' || type === 'STRING_LITERAL'
/** True for an array of any type. */
export const isList = (type: string) => type.endsWith(']')
/** True for a map. */
export const isMap = (type: string) => type.startsWith('MAP(') && !isList(type)
/** True for a row, a STRUCT in DuckDB. */
export const isRow = (type: string) => type.startsWith('STRUCT(') && !isList(type)
/** True for a decimal. */
export const isDecimal = (type: string) => type.startsWith('DECIMAL(') && !isList(type)
/** True for a floating-point number, single or double. */
export const isFloat = (type: string) => type === 'DOUBLE' || type === 'FLOAT'
/** True for the type of a bare NULL. */
export const isNull = (type: string) => type === '"NULL"'
/** Precision of the integer types when Trino converts them to decimals. */
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
/** True for an integer of any width. */
export const isInteger = (type: string) => type in INTEGERS
/** True for any number. */
export const isNumber = (type: string) => isInteger(type) || isFloat(type) || isDecimal(type)
/** True for a date or a timestamp, with or without time zone. */
export const isInstant = (type: string) => /^(?:DATE|TIMESTAMP(?:_\w+)?|TIMESTAMP WITH TIME ZONE)$/.test(type)

/** Returns precision and scale of a decimal or integer type. */
export function decimalOf(type: string): readonly [number, number] {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? []
  return precision === undefined ? [INTEGERS[type]!, 0] : [Number(precision), Number(scale)]
}
