import { COLUMN_KINDS, type KindSpec, type ScalarKind } from './kinds/table.ts'
import { DayfoldError } from './errors.ts'

/** A column as plain data: what crosses threads, processes and the wire. */
export type ColumnSpec = { readonly name: string } & ElementSpec

/** A column without its name, or the element of a list. */
export type ElementSpec = ScalarSpec | ListSpec

export interface ScalarSpec extends KindSpec {
  /** Whether a row may hold null here. */
  readonly nullable: boolean
}

export interface ListSpec {
  readonly kind: 'list'
  readonly nullable: boolean
  readonly element: ElementSpec
}

/**
 * The type of a column in Glue's and Athena's DDL.
 * https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
export function glueType(column: ElementSpec): string {
  if (column.kind === 'list') return `array<${glueType(column.element)}>`
  return withParameters(COLUMN_KINDS[column.kind].glue, column.parameters)
}

/**
 * The column that a Glue column was declared from; the catalog does not know which columns hold no null.
 *
 * @throws DayfoldError InvalidDataset for a type that {@link glueType} never gives
 */
export function columnFromGlue(name: string, type: string): ColumnSpec {
  return { name, ...elementFromGlue(name, type) }
}

const withParameters = (type: string, parameters?: readonly (number | string)[]) =>
  parameters ? `${type}(${parameters.join(',')})` : type

function elementFromGlue(name: string, type: string): ElementSpec {
  const inner = /^array<(.*)>$/.exec(type)?.[1]
  if (inner !== undefined) return { kind: 'list', nullable: true, element: elementFromGlue(name, inner) }
  const spec = kindFromGlue(type)
  if (spec) return { ...spec, nullable: true }
  const types = Object.values(COLUMN_KINDS).map(({ glue, parameters }) => withParameters(glue, parameters))
  throw new DayfoldError(
    'InvalidDataset',
    `Column ${name}: expected a type among ${types.join(', ')} or array<…>, found ${type}.`,
  )
}

function kindFromGlue(type: string): KindSpec | undefined {
  const [, name, inBrackets] = /^(\w+)(?:\(([\d, ]+)\))?$/.exec(type) ?? []
  const parameters = inBrackets?.split(',').map(Number)
  const kinds = Object.keys(COLUMN_KINDS) as ScalarKind[]
  const kind = kinds.find((candidate) => COLUMN_KINDS[candidate].glue === name)
  if (!kind || parameters?.length !== COLUMN_KINDS[kind].parameters?.length) return undefined
  return { kind, ...(parameters && { parameters }) }
}
