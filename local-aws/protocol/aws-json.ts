import type { IncomingMessage, ServerResponse } from 'node:http'
import { applyFault } from './apply-fault.ts'
import type { Caller } from './caller.ts'
import { describeCommand, type Command } from './command.ts'
import { fromJson, toJson } from './convert.ts'
import type { Faults } from './faults.ts'
import { asAwsError, AwsError, readBody, type Service } from './service.ts'
import type { AnyServed, Complete, Served } from './shapes.ts'

/**
 * The answer that an operation must return: the SDK's output of its command, without the metadata that the SDK adds.
 */
export type Answer<O> = Complete<Omit<O, '$metadata'>>

/** One operation of a service with the AWS JSON protocol, such as Glue's GetTable. */
export interface JsonOperation<I = unknown> {
  /** AWS's name of the operation. */
  readonly name: string
  /**
   * Converts the JSON of a request's body to the operation's input and checks it.
   *
   * @param code the service's error code for a bad request
   * @throws AwsError with that code; its message names every member that is unknown, not implemented, missing or has a
   * bad value
   */
  read(body: unknown, code: string): I
  /** Serves a checked request. An error that it throws becomes the answer. */
  run(input: I, caller: Caller): unknown
  /**
   * Converts an answer to the JSON to send.
   *
   * @throws Error for an answer that does not fit AWS's schema
   */
  write(answer: unknown): unknown
}

/**
 * Defines an operation from the SDK's command for it. Requests are checked against the SDK's schema before `run` gets
 * them; answers of `run` are checked, too.
 *
 * @param served the members of a request that are implemented, with their limits; requests with others are refused
 */
export function operation<I, O>(
  command: Command<I, O>,
  served: Served<I>,
  run: (input: Complete<I>, caller: Caller) => Promise<Answer<O>> | Answer<O>,
): JsonOperation<Complete<I>> {
  const { name, input, output } = describeCommand(command)
  return {
    name,
    read(body, code) {
      const { value, problems } = fromJson(input, body, served as AnyServed)
      if (problems.length === 0) return value as Complete<I>
      throw new AwsError(code, `Request: ${problems.join('; ')}.`)
    },
    run,
    write(answer) {
      const { value, problems } = toJson(output, answer ?? {})
      if (problems.length === 0) return value
      throw new Error(`Answer of ${name}: ${problems.join('; ')}.`)
    },
  }
}

/** Options of {@link jsonService}. */
export interface JsonServiceOptions<N extends string> {
  /** Name of the service in the credential scope of signatures, such as `states`. */
  readonly signingName: string
  /** Part of the request header `X-Amz-Target` before the dot, such as `AWSGlue`. */
  readonly targetPrefix: string
  /** Version of the AWS JSON protocol. */
  readonly version: '1.0' | '1.1'
  /** The service's error code for a bad request, such as `ValidationException`. */
  readonly badRequest: string
  /** Operations by AWS's names. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each operation knows its own input
  readonly operations: Readonly<Record<N, JsonOperation<any>>>
  /**
   * Names of the operations that change state. `faults.wrote` is called after each success of one, before its answer is
   * sent.
   * @default none
   */
  readonly writes?: readonly NoInfer<N>[]
  /**
   * Checks permissions; called for every request before it is served.
   * @throws AwsError for a request that its caller may not make
   * @default no check: every caller may do everything
   */
  readonly authorize?: ((operation: NoInfer<N>, input: unknown, caller: Caller) => void) | undefined
  /** Faults to inject into calls. @default none */
  readonly faults?: Faults | undefined
}

/**
 * Creates a service that speaks the AWS JSON protocol, from its operations. A request for any other operation fails
 * with UnknownOperationException. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export function jsonService<N extends string>(options: JsonServiceOptions<N>): Service {
  const { signingName, targetPrefix, version, badRequest, faults } = options
  const contentType = `application/x-amz-json-${version}`
  const operations = byName(options.operations)
  const writing = new Set<string>(options.writes)

  async function run(name: string, request: IncomingMessage, response: ServerResponse, caller: Caller) {
    const body = parseBody(await readBody(request))
    const operation = operations.get(name)
    if (!operation) throw unknownOperation(name, operations)
    const input = operation.read(body, badRequest)
    options.authorize?.(name as N, input, caller)
    const answer = operation.write(await operation.run(input, caller))
    if (faults && writing.has(name)) await faults.wrote({ service: signingName, operation: name, caller })
    sendJson(response, 200, contentType, answer)
  }

  return {
    signingName,
    async handle(request, response, caller) {
      try {
        const name = operationOf(request, targetPrefix)
        const work = () => run(name, request, response, caller)
        if (!faults) return await work()
        await applyFault(faults.next({ service: signingName, operation: name, caller }), response, work)
      } catch (error) {
        if (response.headersSent || response.destroyed) throw error
        const { code, message, status } = asAwsError(error)
        // Some services' models spell the member in lower case, others do not.
        sendJson(response, status, contentType, { __type: code, message, Message: message })
      }
    },
  }
}

function byName(operations: Readonly<Record<string, JsonOperation>>): ReadonlyMap<string, JsonOperation> {
  const foreign = Object.entries(operations).find(([name, operation]) => operation.name !== name)
  if (foreign) throw new Error(`Operation ${foreign[0]}: expected its own name, found ${foreign[1].name}.`)
  return new Map(Object.entries(operations))
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8') || '{}')
  } catch (error) {
    throw new AwsError('SerializationException', `Body: expected JSON: ${(error as Error).message}`)
  }
}

function operationOf(request: IncomingMessage, targetPrefix: string): string {
  const target = String(request.headers['x-amz-target'] ?? '')
  if (target.startsWith(`${targetPrefix}.`)) return target.slice(targetPrefix.length + 1)
  throw new AwsError(
    'UnknownOperationException',
    `X-Amz-Target: expected ${targetPrefix}.…, found "${target}".`,
  )
}

function unknownOperation(name: string, operations: ReadonlyMap<string, JsonOperation>): AwsError {
  const known = [...operations.keys()].join(', ')
  return new AwsError('UnknownOperationException', `Operation: expected one of ${known}, found "${name}".`)
}

function sendJson(response: ServerResponse, status: number, contentType: string, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': text.length })
  response.end(text)
}
