import { NormalizedSchema } from '@smithy/core/schema'

/** A command class of an SDK client, such as `GetTableCommand`. It contains AWS's name and schemas of the operation. */
export type Command<I, O> = new (input: never) => {
  readonly input: I
  readonly schema?: unknown
  resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ readonly output: O }>
}

/** Description of an AWS operation, taken from the SDK. */
export interface Description {
  /** AWS's name of the operation, such as `GetTable`. */
  readonly name: string
  /**
   * HTTP method, pattern of path and query, and HTTP status of a success. S3 finds the operation of a request by the
   * first two.
   */
  readonly http: readonly [method: string, uri: string, status: number]
  /** Schema of the request. */
  readonly input: NormalizedSchema
  /** Schema of the answer. */
  readonly output: NormalizedSchema
}

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0]
/** Kind, namespace, name, traits, input schema, output schema. */
type OperationSchema = readonly [9, string, string, Pick<Description, 'http'>, SchemaRef, SchemaRef]

/** Returns the description of the operation that a command class of the SDK is for. */
export function describeCommand(command: Command<unknown, unknown>): Description {
  const [, , name, { http }, input, output] = new command({} as never).schema as OperationSchema
  return { name, http, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) }
}
