import type { OutgoingHttpHeaders } from 'node:http'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { AnyServed } from '../shapes.ts'
import { textReader, type ReadText } from './text.ts'

/** An input or output: values by member name. */
export type Members = Record<string, unknown>

/** A member that is one header, or that collects all headers of a prefix. */
export interface HeaderBinding {
  readonly member: string
  /** @throws AwsError InvalidArgument for a text that the member cannot have */
  readonly read: (members: Members, name: string, text: string) => void
  readonly write: (headers: OutgoingHttpHeaders, value: unknown) => void
}

/** The members of a structure that are headers. */
export interface HeaderBindings {
  /** By name of the header, in lower case. */
  readonly byHeader: ReadonlyMap<string, HeaderBinding>
  readonly byMember: ReadonlyMap<string, HeaderBinding>
  /** The member that collects all headers of a prefix, such as `x-amz-meta-`. */
  readonly rest: (HeaderBinding & { readonly prefix: string }) | undefined
}

/** How headers are checked and spelled. */
export interface HeaderOptions {
  /** Limits of the members' values. @default no limits */
  readonly served?: Readonly<Record<string, AnyServed | undefined>>
  /** Returns the spelling of a header in answers. @default as the schema has it */
  readonly spell?: (header: string) => string
}

/** Derives the bindings of an input's or output's headers from its schema. */
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

/** Finds the binding of a header by its name in lower case. */
export function findHeader({ byHeader, rest }: HeaderBindings, name: string): HeaderBinding | undefined {
  return byHeader.get(name) ?? (rest && name.startsWith(rest.prefix) ? rest : undefined)
}

/** Adds to `headers` each member that is a header and is present. */
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
