import { QueryError } from '../query-error.ts'
import type { Node } from './tree.ts'

/** A call of a function in a query, as rules get it: the arguments have been translated already. */
export interface Call {
  /** Trino's name of the function. */
  readonly name: string
  readonly args: readonly Node[]
}

/**
 * Translation of a call: DuckDB's SQL with placeholders `$1`, `$2` …, and the expressions for the placeholders. Two
 * functions have a special meaning in the SQL. `fail(message, like)` fails the query, or makes a TRY around it NULL,
 * and has the type of `like`. `apply($2, x, …)` is the body of the lambda `$2` with `x, …` as its arguments.
 */
export interface Written {
  readonly sql: string
  readonly args: readonly Node[]
}

/**
 * Rule by which calls of one Trino function are translated to DuckDB. `counts` are the numbers of arguments that are
 * accepted.
 */
export type Rule =
  /**
   * Becomes DuckDB's function `name`, by default of the same name. Modifiers such as FILTER, DISTINCT and OVER stay.
   */
  | { readonly kind: 'named'; readonly name?: string; readonly counts: readonly number[] }
  /**
   * Becomes SQL that depends on the number of arguments. Aggregates in it whose names begin with `agg_` get the call's
   * modifiers.
   */
  | { readonly kind: 'sql'; readonly templates: ReadonlyMap<number, string> }
  /** Becomes SQL that depends on constants among the arguments. */
  | { readonly kind: 'built'; readonly build: (call: Call) => string | Written }
  /**
   * Becomes SQL that depends on the types of the arguments. Until these are known, the SQL `lenient` stands for the
   * call.
   */
  | {
      readonly kind: 'typed'
      readonly counts: readonly number[]
      readonly lenient: string
      readonly build: (types: readonly string[], call: Call) => string | Written
    }
  /** Is not translated; `use` is the advice what to use instead. */
  | { readonly kind: 'refused'; readonly use: string }

/** Translation rules by Trino's name of the function. */
export type Rules = Readonly<Record<string, Rule>>

/**
 * Makes the rule for a function that DuckDB has with the same name and meaning.
 *
 * @param counts numbers of arguments that are accepted
 */
export const same = (...counts: readonly number[]): Rule => ({ kind: 'named', counts })
/**
 * Makes the rule for a function that DuckDB has with the same meaning under another name.
 *
 * @param name DuckDB's name of the function
 * @param counts numbers of arguments that are accepted
 */
export const named = (name: string, ...counts: readonly number[]): Rule => ({ kind: 'named', name, counts })
/**
 * Makes the rule for a function that becomes SQL of DuckDB, with one template per number of arguments. The highest `$n`
 * in a template is its number of arguments.
 */
export const sql = (...templates: readonly string[]): Rule => ({
  kind: 'sql',
  templates: new Map(templates.map((template) => [highest(template), template])),
})
/** Makes the rule for a function whose translation depends on constants among its arguments, such as a format. */
export const built = (build: (call: Call) => string | Written): Rule => ({ kind: 'built', build })
/**
 * Makes the rule for a function whose translation depends on the types of its arguments.
 *
 * @param counts numbers of arguments that are accepted
 * @param lenient SQL that stands for a call until the types are known; it must accept arguments of any type
 * @param build returns the SQL for arguments of these types, in DuckDB's spelling
 */
export const typed = (
  counts: readonly number[],
  lenient: string,
  build: (types: readonly string[], call: Call) => string | Written,
): Rule => ({ kind: 'typed', counts, lenient, build })
/**
 * Makes the rule for a function that is not translated: a query that calls it fails with NOT_SUPPORTED.
 *
 * @param use advice what to use instead, the end of the error's message
 */
export const refused = (use: string): Rule => ({ kind: 'refused', use })

const highest = (template: string) =>
  Math.max(0, ...[...template.matchAll(/\$(\d+)/g)].map(([, digits]) => Number(digits)))

/**
 * Returns Trino's error FUNCTION_NOT_FOUND for a call whose arguments have wrong types.
 *
 * @param types types of the arguments, in DuckDB's spelling
 */
export function wrongTypes({ name }: Call, types: readonly string[]): QueryError {
  const found = types.map(trinoType).join(', ')
  return new QueryError('FUNCTION_NOT_FOUND', `Unexpected parameters (${found}) for function ${name}.`)
}

/**
 * Returns the error NOT_SUPPORTED for something that Trino has and that is not translated to DuckDB.
 *
 * @param name names it, at the beginning of the message
 * @param use advice what to use instead
 */
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
/** Returns Trino's name for a type in DuckDB's spelling, for messages. */
export const trinoType = (type: string): string => NAMES[type] ?? type.toLowerCase()

/**
 * Returns true for text, also for a literal. This and the following tests take types in DuckDB's spelling, as
 * `TypeOracle.typeOf` returns them.
 */
export const isText = (type: string) => type === 'VARCHAR' || type === 'STRING_LITERAL'
/** Returns true for an array of any type. */
export const isList = (type: string) => type.endsWith(']')
/** Returns true for a map, not for an array of maps. */
export const isMap = (type: string) => type.startsWith('MAP(') && !isList(type)
/** Returns true for a row, which is a STRUCT in DuckDB, not for an array of rows. */
export const isRow = (type: string) => type.startsWith('STRUCT(') && !isList(type)
/** Returns true for a decimal of any precision. */
export const isDecimal = (type: string) => type.startsWith('DECIMAL(') && !isList(type)
/** Returns true for a floating-point number, single or double precision. */
export const isFloat = (type: string) => type === 'DOUBLE' || type === 'FLOAT'
/** Returns true for the type of NULL itself, which has no other type. */
export const isNull = (type: string) => type === '"NULL"'
/**
 * Number of decimal digits of each integer type, as Trino counts them when it converts integers to decimals. The keys
 * are DuckDB's integer types.
 */
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
/** Returns true for an integer of any width. */
export const isInteger = (type: string) => type in INTEGERS
/** Returns true for an integer, a decimal or a floating-point number. */
export const isNumber = (type: string) => isInteger(type) || isFloat(type) || isDecimal(type)
/** Returns true for a date or a timestamp, with or without time zone. */
export const isInstant = (type: string) => /^(?:DATE|TIMESTAMP(?:_\w+)?|TIMESTAMP WITH TIME ZONE)$/.test(type)

/** Returns precision and scale of a decimal type or, with scale 0, of an integer type. Other types are not allowed. */
export function decimalOf(type: string): readonly [number, number] {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? []
  return precision === undefined ? [INTEGERS[type]!, 0] : [Number(precision), Number(scale)]
}
