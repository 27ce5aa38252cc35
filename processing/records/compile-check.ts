import type { ColumnSpec, ElementSpec, ScalarKind } from '../../core/columns.ts'

/** Columns that one function looks at: a function that grows too large is never optimised. */
const GROUP = 16

/** Expressions that are true of values that a column of the kind can hold: see check-value.ts. */
const CONDITIONS: Readonly<Record<ScalarKind, (value: string) => string>> = {
  string: (value) => `typeof ${value} === 'string' && ${value}.isWellFormed()`,
  // A type first: an object would be asked for its value, which may throw.
  int32: (value) => `typeof ${value} === 'number' && ${value} >> 0 === ${value}`,
  int64: (value) => `Number.isSafeInteger(${value})`,
  // What is not finite is not zero when taken from itself.
  float32: (value) => `typeof ${value} === 'number' && Math.fround(${value}) - Math.fround(${value}) === 0`,
  float64: (value) => `typeof ${value} === 'number' && ${value} - ${value} === 0`,
  boolean: (value) => `typeof ${value} === 'boolean'`,
  timestamp: (value) => `${value} instanceof Date && !Number.isNaN(${value}.getTime())`,
  date: (value) => `${value} instanceof Date && !Number.isNaN(${value}.getTime())`,
}

/**
 * A quick check of rows that an object was returned for: true for rows that surely fit the columns. The others are
 * looked at by the check that can say what is wrong. It is source text, so that each column's values are compared
 * where they stand, by code that has met that column alone.
 */
export function compileCheck(columns: readonly ColumnSpec[]): (row: object) => boolean {
  const groups: ((row: object) => boolean)[] = []
  for (let start = 0; start < columns.length; start += GROUP) {
    groups.push(compileGroup(columns.slice(start, start + GROUP)))
  }
  const { length } = columns
  const hasKeys = compile(
    `(row) => { let keys = 0; for (const key in row) keys++; return keys === ${length} }`,
  )
  return (row) => {
    for (let index = 0; index < groups.length; index++) if (!groups[index]!(row)) return false
    return hasKeys(row)
  }
}

function compileGroup(columns: readonly ColumnSpec[]): (row: object) => boolean {
  const tests = columns.map((column, index) => {
    const value = `value${index}`
    return `const ${value} = row[${JSON.stringify(column.name)}]\n${emit(column, value, 0)}`
  })
  return compile(`(row) => {\n${tests.join('\n')}\nreturn true\n}`)
}

/** Statements that return false for a value that does not fit. */
function emit(spec: ElementSpec, value: string, depth: number): string {
  const test = spec.kind === 'list' ? emitList(spec.element!, value, depth) : emitScalar(spec.kind, value)
  return spec.nullable ? `if (${value} !== null) {\n${test}\n}` : test
}

function emitScalar(kind: ScalarKind, value: string): string {
  return `if (!(${CONDITIONS[kind](value)})) return false`
}

function emitList(element: ElementSpec, value: string, depth: number): string {
  const [index, inner] = [`i${depth}`, `inner${depth}`]
  return `if (!Array.isArray(${value})) return false
    for (let ${index} = 0; ${index} < ${value}.length; ${index}++) {
      const ${inner} = ${value}[${index}]
      ${emit(element, inner, depth + 1)}
    }`
}

function compile(source: string): (row: object) => boolean {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- names are quoted by JSON.stringify
  return new Function(`return ${source}`)() as (row: object) => boolean
}
