import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { AwsError } from '../aws-error.ts'
import { bindHeaders, writeHeaders, type HeaderBindings, type Members } from './headers.ts'
import { elementName, elementWriter, escapeXml, isElement } from './xml-writer.ts'

/** Writes a body whose length the headers have announced, and ends the response. */
export type SendBody = (response: ServerResponse) => void | Promise<void>

/** Maps the members of an operation's output to the parts of an answer. */
export interface AnswerBindings {
  /** HTTP status of a success. */
  readonly status: number
  readonly headers: HeaderBindings
  /** Writes the body as XML; undefined if it is empty or raw bytes. */
  readonly document: ((output: Members) => string) | undefined
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** Derives the bindings from the schema of an output. */
export function bindAnswer(status: number, structure: NormalizedSchema, xmlns: string): AnswerBindings {
  return { status, headers: bindHeaders(structure), document: documentWriter(structure, ` xmlns="${xmlns}"`) }
}

function documentWriter(structure: NormalizedSchema, xmlns: string): AnswerBindings['document'] {
  const members = [...structure.structIterator()]
  const write = (schema: NormalizedSchema) =>
    elementWriter(elementName(schema.getName()!, schema), schema, xmlns)
  const [name, payload] = members.find(([, member]) => member.getMergedTraits().httpPayload) ?? []
  if (payload) {
    const append = write(payload)
    return payload.isStructSchema() ? (output) => append(DECLARATION, output[name!]) : undefined
  }
  const append = write(structure)
  return members.some(([, member]) => isElement(member)) ? (output) => append(DECLARATION, output) : undefined
}

/**
 * Answers with an operation's output; members that its schema does not have are ignored.
 *
 * @param headers the headers of every answer; completed here
 */
export async function sendOutput(
  bindings: AnswerBindings,
  output: { readonly $metadata?: { readonly httpStatusCode?: number }; readonly Body?: unknown },
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  const status = output.$metadata?.httpStatusCode ?? bindings.status
  writeHeaders(bindings.headers, output, headers)
  if (bindings.document) return sendXml(response, status, bindings.document(output), headers)
  if (typeof output.Body !== 'function') return sendEmpty(response, status, headers)
  response.writeHead(status, headers)
  await (output.Body as SendBody)(response)
}

/**
 * Answers with an error; without a body if the request is a HEAD.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function sendError(
  { code, message, status }: AwsError,
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): void {
  if (request.method === 'HEAD') return sendEmpty(response, status, headers)
  const details = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`
  const resource = `<Resource>${escapeXml(request.url ?? '')}</Resource>`
  sendXml(response, status, `${DECLARATION}<Error>${details}${resource}</Error>`, headers)
}

function sendEmpty(response: ServerResponse, status: number, headers: OutgoingHttpHeaders): void {
  if (status !== 204 && status !== 304) headers['Content-Length'] ??= 0
  response.writeHead(status, headers)
  response.end()
}

function sendXml(response: ServerResponse, status: number, text: string, headers: OutgoingHttpHeaders): void {
  const body = Buffer.from(text)
  response.writeHead(status, { ...headers, 'Content-Type': 'application/xml', 'Content-Length': body.length })
  response.end(body)
}
