import type { NormalizedSchema } from '@smithy/core/schema'
import { XMLParser } from 'fast-xml-parser'
import { AwsError, notImplemented } from '../aws-error.ts'
import { membersOf, type Items } from '../convert.ts'
import type { AnyServed } from '../shapes.ts'
import type { Members } from './headers.ts'
import { textReader } from './text.ts'
import { elementName, itemOf } from './xml-writer.ts'

// Without `htmlEntities`, numeric references would stay as they are.
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
})

const ANY = [0, Infinity] as const
type ServedMembers = Readonly<Record<string, AnyServed | undefined>>

/** Reads a value from what the XML parser found in its place. */
type Read = (found: unknown) => unknown

/**
 * Returns a parser for XML bodies of a schema. Elements that are not implemented are refused, and named by their path,
 * such as `/Delete/Object/Size`.
 *
 * The parser throws AwsError NotImplemented for such an element, MalformedXML for a body that does not fit the schema.
 */
export function documentReader(schema: NormalizedSchema, served: AnyServed): (body: Buffer) => unknown {
  const root = elementName(schema.getName()!, schema)
  const read = elementReader(schema, served, `/${root}`)
  return (body) => {
    const { [root]: found, ...others } = parse(body)
    if (found !== undefined && Object.keys(others).length === 0) return read(found)
    throw malformed(`the element ${root}`)
  }
}

function parse(body: Buffer): Members {
  try {
    return parser.parse(body, true) as Members
  } catch {
    throw malformed('XML')
  }
}

function elementReader(schema: NormalizedSchema, served: AnyServed, place: string): Read {
  if (schema.isListSchema()) return listReader(schema, served as Items, place)
  if (schema.isStructSchema()) return structureReader(schema, served as ServedMembers, place)
  const read = textReader(schema, served)
  return (found) => {
    if (typeof found === 'string') return read(found, place)
    throw malformed(`one element ${place} with text`)
  }
}

function listReader(
  list: NormalizedSchema,
  { each = true, count: [least, most] = ANY }: Items,
  place: string,
): Read {
  const read = elementReader(itemOf(list), each, place)
  return (found) => {
    const items: unknown[] = Array.isArray(found) ? found : [found]
    if (items.length >= least && items.length <= most) return items.map(read)
    throw malformed(`${least} to ${most} elements ${place}, found ${items.length}`)
  }
}

function structureReader(structure: NormalizedSchema, served: ServedMembers | true, place: string): Read {
  const readers = new Map<string, { readonly member: string; readonly read: Read }>()
  const { members, required } = membersOf(structure)
  for (const [member, schema] of members) {
    const name = elementName(member, schema)
    const inner = served === true ? true : served[member]
    if (inner) readers.set(name, { member, read: elementReader(schema, inner, `${place}/${name}`) })
  }
  return (found) => {
    if (Array.isArray(found)) throw malformed(`one element ${place}`)
    const children = typeof found === 'string' ? { '#text': found } : (found as Members)
    const read: Members = {}
    for (const [name, child] of Object.entries(children)) {
      const reader = readers.get(name)
      if (reader) read[reader.member] = reader.read(child)
      else if (name !== '#text') throw notImplemented(`the element ${place}/${name}`)
      else if (String(child).trim() !== '') throw malformed(`no text in ${place}`)
    }
    const missing = required.find((member) => read[member] === undefined)
    if (missing !== undefined) throw malformed(`${missing} in ${place}`)
    return read
  }
}

function malformed(expected: string): AwsError {
  return new AwsError('MalformedXML', `Request body: expected ${expected}.`)
}
