import type { IncomingHttpHeaders } from 'node:http'
import type { NormalizedSchema } from '@smithy/core/schema'
import { notImplemented } from '../aws-error.ts'
import { membersOf } from '../convert.ts'
import type { AnyServed } from '../shapes.ts'
import { bindHeaders, findHeader, type HeaderBindings, type Members } from './headers.ts'
import { textReader, type ReadText } from './text.ts'
import { documentReader } from './xml-reader.ts'

/** The members of an input that are served, with their limits; others are refused. */
export type ServedMembers = Readonly<Record<string, AnyServed | undefined>>

/** Maps the parts of a request to the members of an operation's input. */
export interface RequestBindings {
  /** Name of the operation. */
  readonly name: string
  readonly served: ServedMembers
  readonly headers: HeaderBindings
  /** By query parameter. */
  readonly parameters: ReadonlyMap<string, { readonly member: string; readonly read: ReadText }>
  /** Query parameters, with values, that only select the operation. */
  readonly literals: ReadonlyMap<string, string>
  /** Members whose absence means that the request is for another operation. */
  readonly required: readonly string[]
  /** The member that is the XML body. */
  readonly document: { readonly member: string; readonly read: (body: Buffer) => unknown } | undefined
}

/** The SDK names the operation in this query parameter; other clients do not. */
const SDK_LABEL = 'x-id'

/** Derives the bindings from the schema of an input and the pattern of its path and query. */
export function bindRequest(
  name: string,
  uri: string,
  structure: NormalizedSchema,
  served: ServedMembers,
): RequestBindings {
  const { members, required } = membersOf(structure)
  const parameters = new Map<string, { member: string; read: ReadText }>()
  let document: RequestBindings['document']
  for (const [member, schema] of members) {
    const { httpQuery, httpPayload } = schema.getMergedTraits()
    if (httpQuery !== undefined)
      parameters.set(httpQuery, { member, read: textReader(schema, served[member]) })
    if (httpPayload && schema.isStructSchema())
      document = { member, read: documentReader(schema, served[member] ?? {}) }
  }
  const literals = new Map(new URLSearchParams(uri.split('?')[1]))
  literals.delete(SDK_LABEL)
  return {
    name,
    served,
    headers: bindHeaders(structure, { served }),
    parameters,
    literals,
    required,
    document,
  }
}

/**
 * Reads the members of an input from the headers and the query.
 *
 * @param labels the members from the path
 * @throws AwsError NotImplemented for a part of the request that is not served, InvalidArgument for a bad value
 */
export function readRequest(
  { name: operation, served, headers, parameters, literals }: RequestBindings,
  sent: IncomingHttpHeaders,
  query: URLSearchParams,
  labels: Members,
): Members {
  const input = { ...labels }
  for (const name in sent) {
    const found = findHeader(headers, name)
    if (found ? !served[found.member] : isMeaningful(name))
      throw notImplemented(`the header "${name}" (${found?.member ?? 'unknown'}) of ${operation}`)
    found?.read(input, name, sent[name] as string)
  }
  for (const [name, text] of query) {
    if (name === SDK_LABEL || literals.has(name)) continue
    const found = parameters.get(name)
    if (!found || !served[found.member])
      throw notImplemented(`the query parameter "${name}" (${found?.member ?? 'unknown'}) of ${operation}`)
    input[found.member] = found.read(text, name)
  }
  return input
}

const CONDITION = /^(if-(none-)?match|if-(un)?modified-since|if-range|range)$/
// Headers of every request or about its body's encoding: none changes what the request means here.
const COMMON =
  /^x-amz-(content-sha256|date|user-agent|security-token|trailer|decoded-content-length|(sdk-)?checksum-.*)$/

/** True for a header that must not be ignored even though the operation's schema does not know it. */
function isMeaningful(name: string): boolean {
  return name.startsWith('x-amz-') ? !COMMON.test(name) : CONDITION.test(name)
}
