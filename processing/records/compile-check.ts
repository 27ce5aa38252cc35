import { COLUMN_KINDS } from '../../core/kinds/table.ts'
import type { ColumnSpec, ElementSpec, ScalarSpec } from '../../core/columns.ts'

/** Columns per compiled function: a function that grows too large is never optimised. */
const GROUP = 16

/** Compiles a function that returns true for values that a column can hold. Nulls are not its business. */
export function compileFits(spec: ScalarSpec): (value: unknown) => boolean {
  return compile(`(value) => ${COLUMN_KINDS[spec.kind].fits('value', spec)}`)
}

/**
 * Compiles a fast check of rows, which must be objects. It returns true only for rows that fit the columns; for others,
 * the check that describes problems has to decide. It is made from source text, so that each column's values are
 * compared by code that sees no other column.
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

/** Emits statements that return false for a value that does not fit. */
function emit(spec: ElementSpec, value: string, depth: number): string {
  const test = spec.kind === 'list' ? emitList(spec.element, value, depth) : emitScalar(spec, value)
  return spec.nullable ? `if (${value} !== null) {\n${test}\n}` : test
}

function emitScalar(spec: ScalarSpec, value: string): string {
  return `if (!(${COLUMN_KINDS[spec.kind].fits(value, spec)})) return false`
}

function emitList(element: ElementSpec, value: string, depth: number): string {
  const [index, inner] = [`i${depth}`, `inner${depth}`]
  return `if (!Array.isArray(${value})) return false
    for (let ${index} = 0; ${index} < ${value}.length; ${index}++) {
      const ${inner} = ${value}[${index}]
      ${emit(element, inner, depth + 1)}
    }`
}

function compile<T>(source: string): (value: T) => boolean {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- names are quoted by JSON.stringify
  return new Function(`return ${source}`)() as (value: T) => boolean
}
