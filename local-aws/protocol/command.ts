import { NormalizedSchema } from '@smithy/core/schema'

/** A command class of an SDK client; carries AWS's name and schemas of the operation. */
export type Command<I, O> = new (input: never) => {
  readonly input: I
  readonly schema?: unknown
  resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ readonly output: O }>
}

/** Name, route and schemas of an operation, as the SDK has them. */
export interface Description {
  readonly name: string
  /** Method, pattern of path and query, status of a success: services of the REST protocol route by them. */
  readonly http: readonly [method: string, uri: string, status: number]
  readonly input: NormalizedSchema
  readonly output: NormalizedSchema
}

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0]
/** Kind, namespace, name, traits, input schema, output schema. */
type OperationSchema = readonly [9, string, string, Pick<Description, 'http'>, SchemaRef, SchemaRef]

/** Reads the description that a command class carries. */
export function describeCommand(command: Command<unknown, unknown>): Description {
  const [, , name, { http }, input, output] = new command({} as never).schema as OperationSchema
  return { name, http, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) }
}
