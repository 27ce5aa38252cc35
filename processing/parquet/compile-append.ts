import { COLUMN_KINDS } from '../../core/kinds/table.ts'
import type { ColumnSpec, ElementSpec } from '../../core/columns.ts'
import type { LeafEncoder } from './leaf-encoder.ts'

/** Columns per compiled function: a function that grows too large is never optimised. */
const GROUP = 16

/** Adds a row to the encoders of its columns. The row must have passed the check of its columns. */
export type AppendRow = (row: Readonly<Record<string, unknown>>) => void

/**
 * Compiles a function that adds rows to `encoders`, one per column. It is made from source text, so that Parquet levels
 * are constants in it and the values of each column run through code that sees no other column.
 */
export function compileAppend(columns: readonly ColumnSpec[], encoders: readonly LeafEncoder[]): AppendRow {
  const groups: AppendRow[] = []
  for (let start = 0; start < columns.length; start += GROUP) {
    groups.push(compileGroup(columns.slice(start, start + GROUP), encoders.slice(start, start + GROUP)))
  }
  return (row) => {
    for (let index = 0; index < groups.length; index++) groups[index]!(row)
  }
}

function compileGroup(columns: readonly ColumnSpec[], encoders: readonly LeafEncoder[]): AppendRow {
  const statements = columns.map((column, index) => {
    const [encoder, value] = [`encoder${index}`, `value${index}`]
    const emitted = emit(column, { encoder, value, definition: 0, repetition: '0', depth: 0 })
    return `const ${value} = row[${JSON.stringify(column.name)}]\n${emitted}\n${encoder}.endRow()`
  })
  const names = encoders.map((_, index) => `encoder${index}`)
  const source = `const [${names.join(', ')}] = encoders\nreturn (row) => {\n${statements.join('\n')}\n}`
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- names are quoted by JSON.stringify
  return new Function('encoders', source)(encoders) as AppendRow
}

/** The variables and levels of a value in compiled code. */
interface Place {
  /** Names of variables. */
  readonly encoder: string
  readonly value: string
  readonly definition: number
  /** Expression of the repetition level. */
  readonly repetition: string
  /** Number of lists around the value. */
  readonly depth: number
}

/**
 * Emits statements that turn a value of a column into levels and values.
 * https://parquet.apache.org/docs/file-format/nestedencoding/
 */
function emit(spec: ElementSpec, place: Place): string {
  const { encoder, value, definition, repetition } = place
  if (!spec.nullable) return emitPresent(spec, place)
  return `if (${value} === null) ${encoder}.absent(${definition}, ${repetition})
    else {\n${emitPresent(spec, { ...place, definition: definition + 1 })}\n}`
}

function emitPresent(spec: ElementSpec, place: Place): string {
  const { encoder, value, definition, repetition, depth } = place
  if (spec.kind !== 'list') {
    // In a list, the definition level of a value is at least 1.
    const level = definition > 0 ? `${encoder}.level(${definition}, ${repetition})` : `${encoder}.present()`
    return `${level}\n${encoder}.${COLUMN_KINDS[spec.kind].put(value, spec)}`
  }
  const [index, element] = [`i${depth}`, `element${depth}`]
  const inner = emit(spec.element, {
    encoder,
    value: element,
    definition: definition + 1,
    repetition: `(${index} === 0 ? ${repetition} : ${depth + 1})`,
    depth: depth + 1,
  })
  return `if (${value}.length === 0) ${encoder}.absent(${definition}, ${repetition})
    for (let ${index} = 0; ${index} < ${value}.length; ${index}++) {
      const ${element} = ${value}[${index}]
      ${inner}
    }`
}
