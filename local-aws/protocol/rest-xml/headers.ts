import type { OutgoingHttpHeaders } from 'node:http'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { AnyServed } from '../shapes.ts'
import { textReader, type ReadText } from './text.ts'

/** A request or an answer in the SDK's terms: values by member name. */
export type Members = Record<string, unknown>

/**
 * Converts one member of a request or an answer from and to its HTTP header, or to all headers that begin with a
 * prefix.
 */
export interface HeaderBinding {
  readonly member: string
  /**
   * Parses the header's text and sets the member in `members`.
   *
   * @throws AwsError InvalidArgument for a text that is no value of the member
   */
  readonly read: (members: Members, name: string, text: string) => void
  /** Adds the member's value to `headers`. */
  readonly write: (headers: OutgoingHttpHeaders, value: unknown) => void
}

/** Converters for all members of a request or an answer that are sent as HTTP headers. */
export interface HeaderBindings {
  /** Converters by name of the header, in lower case. */
  readonly byHeader: ReadonlyMap<string, HeaderBinding>
  /** Converters by name of the member. */
  readonly byMember: ReadonlyMap<string, HeaderBinding>
  /**
   * Converter of the member that holds all headers with a prefix, such as `x-amz-meta-`; undefined if there is no such
   * member.
   */
  readonly rest: (HeaderBinding & { readonly prefix: string }) | undefined
}

/** Options of {@link bindHeaders}. */
export interface HeaderOptions {
  /** Limits of the members' values, by member, checked when headers are read. @default no limits */
  readonly served?: Readonly<Record<string, AnyServed | undefined>>
  /** Returns the spelling in which a header is written. @default the schema's spelling */
  readonly spell?: (header: string) => string
}

/** Creates the converters for headers from the SDK's schema of a request or an answer. */
export function bindHeaders(structure: NormalizedSchema, options: HeaderOptions = {}): HeaderBindings {
  const { served = {}, spell = (header) => header } = options
  const byHeader = new Map<string, HeaderBinding>()
  let rest: HeaderBindings['rest']
  for (const [member, schema] of structure.structIterator()) {
    const { httpHeader: header, httpPrefixHeaders: prefix } = schema.getMergedTraits()
    if (header !== undefined) {
      const read = textReader(schema, served[member])
      byHeader.set(header.toLowerCase(), bindHeader(member, read, spell(header)))
    }
    if (prefix !== undefined) rest = { ...bindPrefix(member, prefix), prefix }
  }
  const all = rest ? [...byHeader.values(), rest] : [...byHeader.values()]
  return { byHeader, byMember: new Map(all.map((binding) => [binding.member, binding])), rest }
}

function bindHeader(member: string, read: ReadText, header: string): HeaderBinding {
  return {
    member,
    read: (members, name, text) => void (members[member] = read(text, name)),
    write: (headers, value) =>
      void (headers[header] = value instanceof Date ? value.toUTCString() : String(value)),
  }
}

function bindPrefix(member: string, prefix: string): HeaderBinding {
  return {
    member,
    read(members, name, text) {
      const map = (members[member] ??= Object.create(null)) as Record<string, string>
      map[name.slice(prefix.length)] = text
    },
    write(headers, value) {
      for (const [name, text] of Object.entries(value as Record<string, string>))
        headers[prefix + name] = text
    },
  }
}

/**
 * Returns the converter for a header; undefined if the schema has no member for it.
 *
 * @param name name of the header in lower case
 */
export function findHeader({ byHeader, rest }: HeaderBindings, name: string): HeaderBinding | undefined {
  return byHeader.get(name) ?? (rest && name.startsWith(rest.prefix) ? rest : undefined)
}

/** Adds to `headers` every member that is present and is sent as a header. */
export function writeHeaders(
  { byMember }: HeaderBindings,
  members: object,
  headers: OutgoingHttpHeaders,
): void {
  for (const member in members) {
    const value = (members as Members)[member]
    if (value !== undefined) byMember.get(member)?.write(headers, value)
  }
}
