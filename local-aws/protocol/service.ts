import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller } from './caller.ts'

export { asAwsError, AwsError } from './aws-error.ts'
export type { Caller } from './caller.ts'

/** One AWS service behind the endpoint, chosen by the credential scope of a request's signature. */
export interface Service {
  readonly signingName: string
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>
}

/** Reads a whole body into memory: for small requests only. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}
