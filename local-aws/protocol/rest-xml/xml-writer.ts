import type { NormalizedSchema } from '@smithy/core/schema'

// eslint-disable-next-line no-control-regex -- control characters are what must not stand in XML as they are
const SPECIAL = /[&<>\u0000-\u001f\u007f-\u009f\ufffe\uffff]/
const ALL_SPECIAL = new RegExp(SPECIAL, 'g')
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Text for an element. Control characters become numeric references, as S3 writes them. */
export function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text
  return text.replaceAll(ALL_SPECIAL, (char) => ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`)
}

/** Appends an element with a value to a text. */
type Append = (text: string, value: unknown) => string

/**
 * A writer of elements of that name, `attributes` in their tags. What the schema says is looked up once, here: the
 * SDK's own serializer does so for every element and takes several times as long over a listing.
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

/** Appends the members that are elements: those without a place in the headers. */
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

/** True for a member that has no place outside of the body. */
export function isElement(member: NormalizedSchema): boolean {
  const { httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits()
  return !httpHeader && !httpPrefixHeaders && !httpPayload
}

/** @throws Error for a list with an element of its own around its items: S3 has none where it is looked for here */
export function itemOf(list: NormalizedSchema): NormalizedSchema {
  if (list.getMergedTraits().xmlFlattened) return list.getValueSchema()
  throw new Error(`List ${list.getName()}: expected one whose items have no element around them.`)
}

/** What the element of a member, or of a whole document, is called. */
export const elementName = (name: string, schema: NormalizedSchema) =>
  schema.getMergedTraits().xmlName ?? name

let latest: { readonly date: number; readonly text: string } | undefined

/** Objects of a listing were often written in the same second: to spell a date costs as much as the rest of one. */
function timestamp(date: Date): string {
  if (latest?.date !== date.getTime()) latest = { date: date.getTime(), text: date.toISOString() }
  return latest.text
}
