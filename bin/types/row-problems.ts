import type ts from 'typescript'
import { compiler } from './compiler.ts'
import { returnsOf, rowsOf } from './returned-rows.ts'

/** A type error in a row that feature code returns, with the syntax node to report it at. */
export interface RowProblem {
  readonly node: ts.Node
  /** Message that names the column. */
  readonly message: string
}

/** Types of the columns' values, by column name. */
type ColumnTypes = ReadonlyMap<string, ts.Type>

/**
 * Replaces a diagnostic about `extract` as a whole by the errors in its rows: columns of a wrong type, with the
 * expected and the found one, surplus columns and missing ones. Empty if the origin of the rows cannot be followed.
 *
 * @param code the property `extract` or `extractBatch` of `defineDataset`'s options
 */
export function rowProblems(checker: ts.TypeChecker, code: ts.ObjectLiteralElementLike): RowProblem[] {
  const columns = columnTypes(checker, code.parent as ts.ObjectLiteralExpression)
  if (!columns) return []
  const { text: name } = code.name as ts.Identifier
  const promised = promiseOf(checker, code)
  if (promised && name === 'extract')
    return [{ node: code.name!, message: `extract must return a row, rows or null, found ${promised}` }]
  const untyped = untypedRecord(checker, code)
  if (untyped) {
    const example =
      name === 'extract' ? 'extract(record: { id: string })' : 'extractBatch(records: { id: string }[])'
    return [{ node: untyped, message: `expected the type of a raw record, such as ${example}, found none` }]
  }
  const rows = returnsOf(checker, code).flatMap((result) => rowsOf(checker, result))
  return rows.flatMap((row) =>
    compiler.isObjectLiteralExpression(row)
      ? literalProblems(checker, row, columns)
      : valueProblems(checker, row, columns, name),
  )
}

/** Returns the type of a promise that feature code returns, as text; undefined if it returns none. */
function promiseOf(checker: ts.TypeChecker, code: ts.Node): string | undefined {
  const [signature] = checker.getTypeAtLocation(code).getCallSignatures()
  const type = signature?.getReturnType()
  return type?.symbol?.name === 'Promise' ? checker.typeToString(type) : undefined
}

/** Returns the parameter of feature code that gets records, if it has no type that says what they hold. */
function untypedRecord(checker: ts.TypeChecker, code: ts.Node): ts.Node | undefined {
  const [signature] = checker.getTypeAtLocation(code).getCallSignatures()
  const parameter = signature?.getParameters()[0]?.valueDeclaration
  return parameter && compiler.isParameter(parameter) && !parameter.type ? parameter : undefined
}

function columnTypes(checker: ts.TypeChecker, options: ts.ObjectLiteralExpression): ColumnTypes | undefined {
  const symbol = checker.getTypeAtLocation(options).getProperty('columns')
  if (!symbol) return undefined
  const columns = checker.getTypeOfSymbolAtLocation(symbol, options).getProperties()
  const types = columns.map((column) => {
    const type = checker.getTypeOfSymbolAtLocation(column, options) as ts.TypeReference
    return [column.name, checker.getTypeArguments(type)[0]] as const
  })
  return types.every((entry): entry is [string, ts.Type] => entry[1] !== undefined)
    ? new Map(types)
    : undefined
}

function literalProblems(
  checker: ts.TypeChecker,
  row: ts.ObjectLiteralExpression,
  columns: ColumnTypes,
): RowProblem[] {
  const type = checker.getTypeAtLocation(row)
  const last = new Map<string, ts.Node>()
  for (const property of row.properties) {
    const names = compiler.isSpreadAssignment(property)
      ? checker
          .getTypeAtLocation(property.expression)
          .getProperties()
          .map(({ name }) => name)
      : [property.name.getText().replace(/^(['"])(.*)\1$/, '$2')]
    for (const name of names) last.set(name, property)
  }
  return typeProblems(checker, type, columns, (name) => last.get(name) ?? row)
}

function typeProblems(
  checker: ts.TypeChecker,
  type: ts.Type,
  columns: ColumnTypes,
  placeOf: (name: string) => ts.Node,
): RowProblem[] {
  const found = new Map(type.getProperties().map((symbol) => [symbol.name, symbol]))
  const missing = [...columns.keys()].filter((name) => !found.has(name))
  const surplus = [...found.keys()].filter((name) => !columns.has(name))
  const isMisspelt = missing.length === 1 && surplus.length === 1
  const wrong = [...columns].flatMap(([name, expected]) => {
    const symbol = found.get(name)
    const node = placeOf(name)
    const is = symbol && checker.getTypeOfSymbolAtLocation(symbol, node)
    const isAny = is && is.flags & compiler.TypeFlags.Any
    if (!is || (!isAny && checker.isTypeAssignableTo(is, expected))) return []
    const message = `column '${name}': expected ${textOf(checker, expected)}, found ${textOf(checker, is)}`
    return [{ node, message: isAny ? `${message}. Give the record a type, or the value its own` : message }]
  })
  const left = isMisspelt ? ` (did you mean '${missing[0]}'?)` : ''
  return [
    ...wrong,
    ...surplus.map((name) => ({
      node: placeOf(name),
      message: `'${name}' is not one of the columns${left}`,
    })),
    ...(isMisspelt
      ? []
      : missing.map((name) => ({ node: placeOf(''), message: `column '${name}' is missing` }))),
  ]
}

/** Problems of a row that is no literal. All of them are at the place where it is returned. */
function valueProblems(
  checker: ts.TypeChecker,
  row: ts.Node,
  columns: ColumnTypes,
  code: string,
): RowProblem[] {
  const rows = new Set<ts.Type>()
  const none: ts.Type[] = []
  const sort = (type: ts.Type): void => {
    if (type.flags & compiler.TypeFlags.Any) none.push(type)
    else if (type.isUnion()) type.types.forEach(sort)
    else if (checker.isArrayLikeType(type)) checker.getTypeArguments(type as ts.TypeReference).forEach(sort)
    else if (type.flags & (compiler.TypeFlags.Null | compiler.TypeFlags.Never) || isError(type)) return
    else if (type.flags & compiler.TypeFlags.Object && !type.getProperty('then')) rows.add(type)
    else none.push(type)
  }
  sort(checker.getTypeAtLocation(row))
  const found = none.map((type) => textOf(checker, type)).join(' | ')
  const message = `${code} must return a row, rows or null, found ${found}`
  return [
    ...(none.length > 0 ? [{ node: row, message }] : []),
    ...[...rows].flatMap((type) => typeProblems(checker, type, columns, () => row)),
  ]
}

/** True for an Error, which `extractBatch` may return in place of a row. */
const isError = (type: ts.Type) => type.symbol?.name === 'Error' || type.getProperty('stack') !== undefined

const textOf = (checker: ts.TypeChecker, type: ts.Type) =>
  checker.typeToString(checker.getBaseTypeOfLiteralType(type))
