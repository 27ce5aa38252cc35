import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { AwsError } from '../aws-error.ts'
import { bindHeaders, writeHeaders, type HeaderBindings, type Members } from './headers.ts'
import { elementName, elementWriter, escapeXml, isElement } from './xml-writer.ts'

/** Sends the body of an answer whose headers, with its length, have been written, and ends the response. */
export type SendBody = (response: ServerResponse) => void | Promise<void>

/** The way an operation's output becomes an HTTP response, compiled once from the model of the API. */
export interface AnswerBindings {
  /** HTTP status of a success. */
  readonly status: number
  /** The members that are sent as headers. */
  readonly headers: HeaderBindings
  /** Function that returns the XML body for an output. Undefined if responses have no body, or one of raw bytes. */
  readonly document: ((output: Members) => string) | undefined
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/**
 * Compiles the description of an operation's answers from the SDK's schema of its output.
 *
 * @param status HTTP status of a success
 * @param xmlns XML namespace of the body
 */
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
 * Sends an operation's output as the answer. Members that the schema does not have are ignored.
 *
 * @param headers headers that every answer has; those of this answer are added to it
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
 * Sends an error as the answer, as XML. The answer to a HEAD request has no body, only the status.
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
