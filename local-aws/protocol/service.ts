import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller } from './caller.ts'

export { asAwsError, AwsError } from './aws-error.ts'
export type { Caller } from './caller.ts'

/** A local AWS service that an endpoint offers over HTTP. */
export interface Service {
  /** Name in the credential scope of signatures, such as `s3`. The endpoint finds the service of a request by it. */
  readonly signingName: string
  /** Answers a request, also with AWS's error for a bad one. An error that it throws is answered by the endpoint. */
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>
}

/** Reads the body of a request into memory, all of it and without a limit; meant for small requests. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}
