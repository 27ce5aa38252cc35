import { NormalizedSchema } from '@smithy/core/schema'

/** A command of an SDK client, out of which AWS's name and shapes of the operation are known. */
export type Command<I, O> = new (input: never) => {
  readonly input: I
  readonly schema?: unknown
  resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ readonly output: O }>
}

/** What the SDK's schema says of an operation. */
export interface Description {
  readonly name: string
  /** Method, pattern of path and query, status of a success: of services that tell operations apart by them. */
  readonly http: readonly [method: string, uri: string, status: number]
  readonly input: NormalizedSchema
  readonly output: NormalizedSchema
}

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0]
/** Kind, namespace, name, traits, input, output. */
type OperationSchema = readonly [9, string, string, Pick<Description, 'http'>, SchemaRef, SchemaRef]

/** The description that a command carries. */
export function describeCommand(command: Command<unknown, unknown>): Description {
  const [, , name, { http }, input, output] = new command({} as never).schema as OperationSchema
  return { name, http, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) }
}
