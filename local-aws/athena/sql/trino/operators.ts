import { literal } from '../engine.ts'
import { QueryError } from '../query-error.ts'
import {
  decimalOf,
  INTEGERS,
  isDecimal,
  isFloat,
  isInteger,
  isList,
  isMap,
  isNull,
  isNumber,
  isRow,
  isText,
  notHere,
  trinoType,
} from './rules.ts'
import { constantInteger, constantText, type Node } from './tree.ts'

/**
 * Translation of an operator: returns DuckDB's SQL for operands of these types; undefined if DuckDB's own operator does
 * the same. Throws QueryError TYPE_MISMATCH for types that Trino does not accept.
 */
export type Operator = (types: readonly string[], node: Node) => string | undefined

function refuse(operator: string, types: readonly string[]): QueryError {
  return new QueryError(
    'TYPE_MISMATCH',
    `Cannot apply operator: ${types.map(trinoType).join(` ${operator} `)}`,
  )
}

const ZERO = `fail('DIVISION_BY_ZERO: Division by zero', `

/** Divides exactly and rounds half away from zero to the larger scale, as Trino does with decimals. */
function divideDecimals(one: string, other: string): string {
  const [precision, scale] = decimalOf(one)
  const [, otherScale] = decimalOf(other)
  const to = Math.max(scale, otherScale)
  const width = Math.min(38, precision + otherScale + Math.max(0, otherScale - scale))
  const unscaled = (arg: string, type: string) =>
    isDecimal(type) ? `CAST(replace(CAST(${arg} AS VARCHAR), '.', '') AS HUGEINT)` : `CAST(${arg} AS HUGEINT)`
  const [a, b] = [unscaled('$1', one), unscaled('$2', other)]
  const shifted = `abs(${a}) * ${10 ** (to + otherScale - scale)}::HUGEINT`
  const quotient = `(${shifted} * 2 + abs(${b})) // (abs(${b}) * 2) * sign(${a}) * sign(${b})`
  const unit = to === 0 ? '1' : `0.${'0'.repeat(to - 1)}1`
  const value = `CAST(CAST(${quotient} AS DECIMAL(38,0)) * CAST('${unit}' AS DECIMAL(${to + 1},${to})) AS DECIMAL(${width},${to}))`
  return `CASE WHEN $2 = 0 THEN ${ZERO}${value}) ELSE ${value} END`
}

const arithmetic =
  (operator: string): Operator =>
  (types) => {
    if (types.some((type) => isText(type) || type === 'BOOLEAN' || type === 'JSON'))
      throw refuse(operator, types)
    const [one = '', other = ''] = types
    if (one === 'DATE' && other === 'INTERVAL') return `CAST($1 ${operator} $2 AS DATE)`
    if (one === 'INTERVAL' && other === 'DATE' && operator === '+') return 'CAST($1 + $2 AS DATE)'
    const isDay = (type: string) => type === 'DATE'
    if (types.some(isDay) && types.some(isInteger)) throw refuse(operator, types)
    if (types.some(isDay) && operator === '-' && types.length === 2)
      throw notHere('Subtraction of dates', 'use date_diff')
    return undefined
  }

const dividing =
  (operator: '/' | '%'): Operator =>
  (types) => {
    if (types.some((type) => isText(type) || type === 'BOOLEAN')) throw refuse(operator, types)
    if (!types.every(isNumber) || types.some(isFloat)) return undefined
    const [one = '', other = ''] = types
    if (operator === '/' && types.some(isDecimal)) return divideDecimals(one, other)
    const value = operator === '/' ? '$1 // $2' : '$1 % $2'
    return `CASE WHEN $2 = 0 THEN ${ZERO}${value}) ELSE ${value} END`
  }

/**
 * Checks that Trino can compare values of these types: text only with text, booleans only with booleans, JSON only with
 * JSON. NULL fits every type.
 *
 * @throws QueryError TYPE_MISMATCH
 */
export function checkComparable(types: readonly string[], operator: string): void {
  const known = types.filter((type) => !isNull(type))
  for (const is of [isText, (type: string) => type === 'BOOLEAN', (type: string) => type === 'JSON']) {
    if (known.some(is) && !known.every(is)) throw refuse(operator, types)
  }
}

/** Translations of the operators that DuckDB's parser represents as function calls, by the name of the function. */
export const OPERATORS_BY_TYPE: Readonly<Record<string, Operator>> = {
  '+': arithmetic('+'),
  '-': arithmetic('-'),
  '*': arithmetic('*'),
  '/': dividing('/'),
  '%': dividing('%'),
  '||': (types) => {
    if (types.some(isList))
      return types.map((type, index) => (isList(type) ? `$${index + 1}` : `[$${index + 1}]`)).join(' || ')
    if (types.every((type) => isText(type) || isNull(type)) || types.every((type) => type === 'BLOB'))
      return undefined
    throw refuse('||', types)
  },
}

/**
 * Translation of the operator `a[i]` on arrays, maps and rows. As in Trino, an element that does not exist fails the
 * query.
 */
export const subscript: Operator = ([one = '', other = ''], node) => {
  if (isList(one)) {
    return `CASE WHEN $2 < 1 OR $2 > len($1)
      THEN fail('INVALID_FUNCTION_ARGUMENT: Array subscript must be from 1 to the array length: ' || $2, $1[$2]) ELSE $1[$2] END`
  }
  if (isMap(one)) {
    return `CASE WHEN NOT map_contains($1, $2) THEN fail('INVALID_FUNCTION_ARGUMENT: Key not present in map: ' || CAST($2 AS VARCHAR), $1[$2]) ELSE $1[$2] END`
  }
  if (isRow(one)) {
    const name = fieldsOf(one)[(constantInteger(node.children?.[1]) ?? 0) - 1]
    if (name === undefined)
      throw new QueryError('TYPE_MISMATCH', `Subscript of ${trinoType(one)}: expected the place of a field`)
    return `struct_extract($1, ${literal(name)})`
  }
  if (isNull(one)) return undefined
  throw new QueryError('TYPE_MISMATCH', `Cannot use ${trinoType(other)} for subscript of ${trinoType(one)}`)
}

/** Returns the names of a row's fields, in order. */
function fieldsOf(type: string): string[] {
  const fields = ['']
  let depth = 0
  for (const [part] of type.slice('STRUCT('.length, -1).matchAll(/"(?:[^"]|"")*"|[^]/g)) {
    if (part === '(') depth += 1
    if (part === ')') depth -= 1
    if (part === ',' && depth === 0) fields.push('')
    else fields[fields.length - 1] += part
  }
  return fields.map((field) => {
    const [, quoted, plain] = /^\s*(?:"((?:[^"]|"")*)"|(\S+))/.exec(field) ?? []
    return quoted?.replaceAll('""', '"') ?? plain ?? ''
  })
}

const DAY = String.raw`\s*[+-]?\d{4,}-\d{1,2}-\d{1,2}\s*`
const TIMESTAMP = String.raw`\s*[+-]?\d{4,}-\d{1,2}-\d{1,2}(?: \d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)?\s*`
/** Matches the text of a timestamp with a time zone at its end. */
export const WITH_ZONE =
  /^\s*[+-]?\d{4,}-\d{1,2}-\d{1,2} \d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?\s*(?:[A-Za-z][\w/+-]*|[+-]\d{2}:\d{2})\s*$/

/** Translation of CAST and TRY_CAST. They accept only those texts that Trino accepts, and write text as Trino does. */
export const castTo: Operator = ([type = ''], node) => {
  const { id, type_info: info } = node['cast_type'] as { id: string; type_info: { name?: string } | null }
  const isTry = node['try_cast'] === true
  const target = id === 'UNBOUND' ? (info?.name ?? '').toUpperCase() : id
  if (isNull(type)) return undefined
  if (target !== 'VARCHAR' && target !== 'JSON' && (isList(type) || isMap(type) || isRow(type))) {
    return castInside(type, node['cast_type'] as CastType, isTry)
  }
  if (target === 'JSON') return type === 'JSON' ? undefined : 'CAST(to_json($1) AS JSON)'
  if (target === 'VARCHAR') return toText(type)
  const matching = (pattern: string) => strict(pattern, target, isTry)
  if (target in INTEGERS) {
    if (isFloat(type)) return `${isTry ? 'TRY_CAST' : 'CAST'}(round($1) AS ${target})`
    return isText(type) ? matching(String.raw`[+-]?\d+`) : undefined
  }
  if (!isText(type)) return undefined
  if (target === 'DATE') return matching(DAY)
  if (target !== 'TIMESTAMP') return undefined
  const zoned = constantText(node['child'] as Node)
  return zoned !== undefined && WITH_ZONE.test(zoned) ? 'CAST($1 AS TIMESTAMPTZ)' : matching(TIMESTAMP)
}

interface CastType {
  readonly id: string
  readonly type_info: { readonly name?: string; readonly child_type?: CastType } | null
}

/** Casts the elements of an array as values are cast; rows and maps only if DuckDB casts them alike. */
function castInside(type: string, to: CastType, isTry: boolean): string | undefined {
  const element = type.replace(/\[\d*\]$/, '')
  const child = to.type_info?.child_type
  if (isList(type) && child) {
    const cast = castTo([element], { cast_type: child, try_cast: false })
    if (cast === undefined) return undefined
    if (isTry) throw notHere('try_cast of an array', 'use transform with try_cast')
    return `list_transform($1, lambda _e: ${cast.replaceAll('$1', '_e')})`
  }
  const isOther =
    /DOUBLE|FLOAT|TIMESTAMP/.test(type) && /"(?:VARCHAR|[A-Z]*INT|INTEGER)"/.test(JSON.stringify(to))
  if (isOther)
    throw notHere('CAST of a row or map with floating-point numbers or timestamps in it', 'cast its fields')
  return undefined
}

/** Checks the text first: DuckDB accepts more texts than Trino. */
function strict(pattern: string, target: string, isTry: boolean): string {
  if (isTry) return `CASE WHEN regexp_full_match($1, '${pattern}') THEN TRY_CAST($1 AS ${target}) END`
  return `CASE WHEN $1 IS NULL OR regexp_full_match($1, '${pattern}') THEN CAST($1 AS ${target})
    ELSE fail('INVALID_CAST_ARGUMENT: Value cannot be cast to ${target.toLowerCase()}: ' || $1, CAST(NULL AS ${target})) END`
}

function toText(type: string): string | undefined {
  if (isFloat(type)) return `athena_float_text(CAST($1 AS VARCHAR))`
  if (/^TIMESTAMP(?:_\w+)?$/.test(type)) return `strftime($1, '%Y-%m-%d %H:%M:%S.%g')`
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return `strftime(CAST($1 AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g UTC')`
  if (type === 'JSON') {
    return `CASE WHEN json_type($1) IN ('OBJECT', 'ARRAY') THEN fail('INVALID_CAST_ARGUMENT: Cannot cast to varchar: ' || CAST($1 AS VARCHAR), '')
      ELSE json_extract_string($1, '$') END`
  }
  if (isList(type) || isMap(type) || isRow(type) || type === 'BLOB') {
    throw new QueryError(
      'TYPE_MISMATCH',
      `Cannot cast ${trinoType(type)} to varchar: use json_format(CAST(… AS JSON))`,
    )
  }
  return undefined
}
