import { XMLParser } from 'fast-xml-parser'
import { AwsError } from '../protocol/aws-error.ts'

// eslint-disable-next-line no-control-regex -- control characters are what must not stand in XML as they are
const SPECIAL = /[&<>"\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for an element. Control characters become numeric references, as S3 writes them. */
export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (char) => ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`)
}

/** `<name>text</name>`, or nothing without a text. */
export function element(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? '' : `<${name}>${escapeXml(String(text))}</${name}>`
}

export const XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'

const parser = new XMLParser({ parseTagValue: false, trimValues: false, isArray: (name) => LISTS.has(name) })
const LISTS = new Set(['Object', 'Part'])

/**
 * The children of the element `root`.
 *
 * @throws AwsError MalformedXML when the body is something else
 */
export function parseXml(body: Buffer, root: string): Readonly<Record<string, unknown>> {
  try {
    const parsed = (parser.parse(body, true) as Record<string, unknown>)[root]
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>
  } catch {
    // Refused below.
  }
  throw new AwsError(
    'MalformedXML',
    `Request body: expected XML with the element ${root}, found something else.`,
  )
}

/** The children of that name, each a record of texts. */
export function childrenOf(
  parent: Readonly<Record<string, unknown>>,
  name: string,
): readonly Readonly<Record<string, string | undefined>>[] {
  return (parent[name] ?? []) as readonly Record<string, string | undefined>[]
}
