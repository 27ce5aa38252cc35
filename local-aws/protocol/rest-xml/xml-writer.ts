import type { NormalizedSchema } from '@smithy/core/schema'

// eslint-disable-next-line no-control-regex -- control characters are what must not stand in XML as they are
const SPECIAL = /[&<>\u0000-\u001f\u007f-\u009f\ufffe\uffff]/
const ALL_SPECIAL = new RegExp(SPECIAL, 'g')
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Escapes text for the content of an XML element. Control characters become numeric references, as in S3's answers. */
export function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text
  return text.replaceAll(ALL_SPECIAL, (char) => ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`)
}

/** Returns the text with an element of the value appended. */
type Append = (text: string, value: unknown) => string

/**
 * Returns a function that appends the XML element of a value to a text. The schema is read once, when the function is
 * made: the SDK's own serializer reads it for every element and takes several times as long for a listing.
 *
 * @param attributes text to add to the start tag, with a blank in front
 */
export function elementWriter(name: string, schema: NormalizedSchema, attributes = ''): Append {
  const [start, end] = [`<${name}${attributes}>`, `</${name}>`]
  if (schema.isListSchema()) {
    const append = elementWriter(name, itemOf(schema))
    return (text, value) => (value as readonly unknown[]).reduce(append, text)
  }
  if (schema.isStructSchema()) {
    const append = contentWriter(schema)
    return (text, value) => append(text + start, value) + end
  }
  if (schema.isStringSchema()) return (text, value) => text + start + escapeXml(value as string) + end
  if (schema.isTimestampSchema()) return (text, value) => text + start + timestamp(value as Date) + end
  return (text, value) => text + start + String(value) + end
}

/** Appends the members that are elements, not headers. */
function contentWriter(structure: NormalizedSchema): Append {
  const writers = [...structure.structIterator()]
    .filter(([, member]) => isElement(member))
    .map(([name, member]) => ({ name, append: elementWriter(elementName(name, member), member) }))
  return (text, value) => {
    let appended = text
    for (const { name, append } of writers) {
      const member = (value as Record<string, unknown>)[name]
      if (member !== undefined) appended = append(appended, member)
    }
    return appended
  }
}

/** Returns true for a member that is sent as an element of the XML body, not as a header or as the whole body. */
export function isElement(member: NormalizedSchema): boolean {
  const { httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits()
  return !httpHeader && !httpPrefixHeaders && !httpPayload
}

/**
 * Returns the schema of the items of a list whose elements follow one another without an element around them.
 *
 * @throws Error for a list with an element around its items, which none of the implemented operations has
 */
export function itemOf(list: NormalizedSchema): NormalizedSchema {
  if (list.getMergedTraits().xmlFlattened) return list.getValueSchema()
  throw new Error(`List ${list.getName()}: expected one whose items have no element around them.`)
}

/** Returns the name of the XML element for a member or a document: the schema's own name for it, else `name`. */
export const elementName = (name: string, schema: NormalizedSchema) =>
  schema.getMergedTraits().xmlName ?? name

let latest: { readonly date: number; readonly text: string } | undefined

/** Formats a date. Objects of a listing often share a time, and formatting costs as much as the rest of an entry. */
function timestamp(date: Date): string {
  if (latest?.date !== date.getTime()) latest = { date: date.getTime(), text: date.toISOString() }
  return latest.text
}
