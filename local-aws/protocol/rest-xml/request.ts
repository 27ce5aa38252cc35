import type { IncomingHttpHeaders } from 'node:http'
import type { NormalizedSchema } from '@smithy/core/schema'
import { notImplemented } from '../aws-error.ts'
import { membersOf } from '../convert.ts'
import type { AnyServed } from '../shapes.ts'
import { bindHeaders, findHeader, type HeaderBindings, type Members } from './headers.ts'
import { textReader, type ReadText } from './text.ts'
import { documentReader } from './xml-reader.ts'

/** The members of a request that are implemented, each with its limits; requests with other members are refused. */
export type ServedMembers = Readonly<Record<string, AnyServed | undefined>>

/**
 * Compiled description of how an operation's requests are recognized and read: from headers, query parameters and XML
 * body.
 */
export interface RequestBindings {
  /** Name of the operation. */
  readonly name: string
  readonly served: ServedMembers
  /** Converters of the members that are sent as headers. */
  readonly headers: HeaderBindings
  /** Members that are sent as query parameters, by the parameter's name. */
  readonly parameters: ReadonlyMap<string, { readonly member: string; readonly read: ReadText }>
  /**
   * Query parameters that belong to the operation's URL, such as `uploads`, with their values. They only tell the
   * operation from others.
   */
  readonly literals: ReadonlyMap<string, string>
  /** Members that every request of the operation has: a request without one of them is for another operation. */
  readonly required: readonly string[]
  /** The member that is sent as XML body, and its parser; undefined if there is none. */
  readonly document: { readonly member: string; readonly read: (body: Buffer) => unknown } | undefined
}

/** The SDK names the operation in this query parameter; other clients do not. */
const SDK_LABEL = 'x-id'

/**
 * Compiles the description of an operation's requests.
 *
 * @param name AWS's name of the operation
 * @param uri pattern of path and query, such as `/{Key+}?uploads`
 * @param structure the SDK's schema of the request
 */
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
 * Reads the members of a request from its headers and query parameters. The XML body is not read.
 *
 * @param labels the members that the path contains: bucket and key
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
