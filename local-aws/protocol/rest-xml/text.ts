import { FromStringShapeDeserializer } from '@smithy/core/protocols'
import type { NormalizedSchema } from '@smithy/core/schema'
import { AwsError } from '../aws-error.ts'
import type { AnyServed, Limit } from '../shapes.ts'

const settings = { httpBindings: true, timestampFormat: { useTrait: true, default: 5 } } as const
const parser = new FromStringShapeDeserializer(settings)

/**
 * Parses the text of a header, a query parameter or an XML element into a value.
 *
 * @param what name of the text, for the error
 * @throws AwsError InvalidArgument for a text that is no value of the schema, or is beyond its limit
 */
export type ReadText = (text: string, what: string) => unknown

/**
 * Returns the parser for texts that stand for a value of the given schema. If `served` is a limit, values are checked
 * by it.
 */
export function textReader(schema: NormalizedSchema, served: AnyServed = true): ReadText {
  const limit = typeof served === 'function' ? (served as Limit<unknown>) : undefined
  if (schema.isStringSchema() && !limit) return (text) => text
  const kind = schema.isNumericSchema() ? 'a whole number' : 'a date'
  return (text, what) => {
    const value = parse(schema, text)
    const problem = value === undefined ? `expected ${kind}` : limit?.(value)
    if (problem === undefined) return value
    throw new AwsError('InvalidArgument', `${what}: ${problem}, found "${text}".`)
  }
}

function parse(schema: NormalizedSchema, text: string): unknown {
  if (schema.isNumericSchema()) return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
  try {
    return parser.read(schema, text) as unknown
  } catch {
    return undefined
  }
}
