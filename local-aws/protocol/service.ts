import type { IncomingMessage, ServerResponse } from 'node:http'
import { applyFault } from './apply-fault.ts'
import { asAwsError, AwsError } from './aws-error.ts'
import type { Faults } from './faults.ts'

export { asAwsError, AwsError } from './aws-error.ts'

/** Who calls: every child process has an access key of its own. */
export interface Caller {
  readonly accessKeyId: string
}

/** One AWS service behind the endpoint, chosen by the service in the credential scope of the request. */
export interface Service {
  readonly signingName: string
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each operation knows its own input
export type JsonOperation = (input: any, caller: Caller) => Promise<unknown>

export interface JsonServiceOptions {
  /** Name in the credential scope, such as `states`. */
  readonly signingName: string
  /** What stands before the dot in `X-Amz-Target`. */
  readonly targetPrefix: string
  /** Version of the AWS JSON protocol. */
  readonly version: '1.0' | '1.1'
  /** By name. Dates in what they return go out as seconds since 1970, as the protocol has it. */
  readonly operations: Readonly<Record<string, JsonOperation>>
  /**
   * Operations that change state: after one has succeeded, and before it is answered, faults hear of it.
   * @default none
   */
  readonly writes?: readonly string[]
  /**
   * Told of every request before it is served.
   * @throws AwsError for one that its caller may not make
   * @default everybody may do everything
   */
  readonly authorize?: ((operation: string, input: unknown, caller: Caller) => void) | undefined
  /** @default the service behaves */
  readonly faults?: Faults | undefined
}

/**
 * A service of the AWS JSON protocol. An unknown operation is refused with UnknownOperationException.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export function jsonService(options: JsonServiceOptions): Service {
  const { signingName, targetPrefix, version, operations, writes = [], faults } = options
  const contentType = `application/x-amz-json-${version}`
  const writing = new Set(writes)

  async function run(operation: string, request: IncomingMessage, response: ServerResponse, caller: Caller) {
    const input: unknown = JSON.parse((await readBody(request)).toString('utf8') || '{}')
    if (!Object.hasOwn(operations, operation)) throw unknownOperation(operation, operations)
    options.authorize?.(operation, input, caller)
    const output = await operations[operation]!(input, caller)
    if (faults && writing.has(operation)) await faults.wrote({ service: signingName, operation, caller })
    sendJson(response, 200, contentType, output ?? {})
  }

  return {
    signingName,
    async handle(request, response, caller) {
      try {
        const operation = operationOf(request, targetPrefix)
        const work = () => run(operation, request, response, caller)
        if (!faults) return await work()
        await applyFault(faults.next({ service: signingName, operation, caller }), response, work)
      } catch (error) {
        if (response.headersSent || response.destroyed) throw error
        const { code, message, status } = asAwsError(error)
        // Some models spell the member in lower case, some do not.
        sendJson(response, status, contentType, { __type: code, message, Message: message })
      }
    },
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

function unknownOperation(operation: string, operations: object): AwsError {
  const known = Object.keys(operations).join(', ')
  return new AwsError(
    'UnknownOperationException',
    `Operation: expected one of ${known}, found "${operation}".`,
  )
}

function sendJson(response: ServerResponse, status: number, contentType: string, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body, datesAsSeconds))
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': text.length })
  response.end(text)
}

function datesAsSeconds(this: unknown, key: string, value: unknown): unknown {
  // Date.toJSON has turned `value` into text already.
  const original = (this as Record<string, unknown>)[key]
  return original instanceof Date ? original.getTime() / 1000 : value
}

/** The whole body of a request: for small ones only. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}
