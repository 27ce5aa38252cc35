import { COLUMN_KINDS, type KindSpec, type ScalarKind } from './kinds/table.ts'
import { DayfoldError } from './errors.ts'

/** Name and type of a column as plain data, so that it can cross threads, processes and the network. */
export type ColumnSpec = { readonly name: string } & ElementSpec

/** Type of a column, or of the elements of a list. */
export type ElementSpec = ScalarSpec | ListSpec

/** Type of a column or list element that is no list itself. */
export interface ScalarSpec extends KindSpec {
  /** True if it may hold null. */
  readonly nullable: boolean
}

/** Type of a list column, or of a list within a list. */
export interface ListSpec {
  readonly kind: 'list'
  /** True if null may stand in place of a list. */
  readonly nullable: boolean
  readonly element: ElementSpec
}

/**
 * Returns the type of a column or list element in the DDL of Glue and Athena, such as `array<bigint>`.
 * https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
export function glueType(column: ElementSpec): string {
  if (column.kind === 'list') return `array<${glueType(column.element)}>`
  return withParameters(COLUMN_KINDS[column.kind].glue, column.parameters)
}

/**
 * Converts a column of the Glue catalog back to the dataset's column. The result is nullable at every level: the
 * catalog does not record which columns hold no null.
 *
 * @throws DayfoldError InvalidDataset for a type that {@link glueType} never returns
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
