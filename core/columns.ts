import { DayfoldError } from './errors.ts'

/** The kinds of column that a feature can have. */
export type ScalarKind =
  'string' | 'int32' | 'int64' | 'float32' | 'float64' | 'boolean' | 'timestamp' | 'date'

/** A column as plain data: what crosses threads, processes and the wire. */
export interface ColumnSpec {
  readonly name: string
  readonly kind: ScalarKind | 'list'
  /** Whether a row may hold null here. */
  readonly nullable: boolean
  /** The element of a list. */
  readonly element?: {
    readonly kind: ScalarKind | 'list'
    readonly nullable: boolean
    readonly element?: ElementSpec
  }
}

/** The element of a list, which has no name. */
export type ElementSpec = Omit<ColumnSpec, 'name'>

const GLUE_TYPES: Readonly<Record<ScalarKind, string>> = {
  string: 'string',
  int32: 'int',
  int64: 'bigint',
  float32: 'float',
  float64: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
  date: 'date',
}

/**
 * The type of a column in Glue's and Athena's DDL.
 * https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
export function glueType(column: ElementSpec): string {
  if (column.kind !== 'list') return GLUE_TYPES[column.kind]
  return `array<${glueType(column.element!)}>`
}

const KINDS = new Map(Object.entries(GLUE_TYPES).map(([kind, type]) => [type, kind as ScalarKind]))

/**
 * The column that a Glue column was declared from; the catalog does not know which columns hold no null.
 *
 * @throws DayfoldError InvalidDataset for a type that {@link glueType} never gives
 */
export function columnFromGlue(name: string, type: string): ColumnSpec {
  return { name, ...elementFromGlue(name, type) }
}

function elementFromGlue(name: string, type: string): ElementSpec {
  const kind = KINDS.get(type)
  if (kind) return { kind, nullable: true }
  const inner = /^array<(.*)>$/.exec(type)?.[1]
  if (inner !== undefined) return { kind: 'list', nullable: true, element: elementFromGlue(name, inner) }
  throw new DayfoldError(
    'InvalidDataset',
    `Column ${name}: expected a type among ${[...KINDS.keys()].join(', ')} or array<…>, found ${type}.`,
  )
}
