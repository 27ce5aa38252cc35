import { gunzipSync, gzipSync } from 'node:zlib'
import { DayfoldError } from './errors.ts'

/** Names of the fields that every document of a type has. */
type RequiredFields<T> = { [F in keyof T]-?: object extends Pick<T, F> ? never : F }[keyof T]
/** The name of a field's type. */
type TypeName<V> = V extends string
  ? 'string'
  : V extends number
    ? 'number'
    : V extends readonly unknown[]
      ? 'list'
      : null extends V
        ? 'object or null'
        : 'object'

/** A kind of document that one side stores and another reads, perhaps of another release. */
export interface DocumentKind<T> {
  /** Ends "expected …", such as `a work order`. */
  readonly name: string
  /** The version that is written, and the newest that can be read. */
  readonly version: 1
  /** Whether documents state their version. Where they do not, one without is of version 1. */
  readonly saysVersion: boolean
  readonly isGzipped: boolean
  /** The fields that each document has. A field that documents of this version may lack is optional in `T`. */
  readonly fields: { readonly [F in RequiredFields<T>]: TypeName<T[F]> }
  /** What to do about a document that cannot be read: a sentence. */
  readonly remedy: string
}

/** The bytes of a document. */
export function encodeDocument<T extends object>(document: T, kind: DocumentKind<T>): Buffer {
  const json = JSON.stringify(kind.saysVersion ? { version: kind.version, ...document } : document)
  return kind.isGzipped ? gzipSync(json) : Buffer.from(json)
}

/**
 * The document that `encodeDocument` wrote, in this release or an older one.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState for bytes that are something else, or were written by a newer release
 */
export function decodeDocument<T>(bytes: Uint8Array, key: string, kind: DocumentKind<T>): T {
  const value = parsed(bytes, key, kind)
  if (typeName(value) !== 'object') throw corrupt(key, kind.name, typeName(value), kind.remedy)
  const { version, ...document } = value as Record<string, unknown>
  checkVersion(version, key, kind)
  for (const [field, type] of Object.entries<string>(kind.fields)) {
    const found = typeName(document[field])
    if (!type.split(' or ').includes(found))
      throw corrupt(key, `${kind.name} with "${field}" as ${type}`, `${found} there`, kind.remedy)
  }
  return (kind.saysVersion ? document : value) as T
}

function checkVersion<T>(found: unknown, key: string, kind: DocumentKind<T>): void {
  const { name, version, saysVersion, remedy } = kind
  if (found === version || (found === undefined && !saysVersion)) return
  const isNewer = typeof found === 'number' && found > version
  throw corrupt(
    key,
    `${name} of version ${version}`,
    found === undefined ? 'no version' : `version ${JSON.stringify(found)}`,
    isNewer ? 'A newer release of Dayfold made it: deploy that release or a newer one.' : remedy,
  )
}

/**
 * The value of JSON text in UTF-8.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState when the bytes are not JSON
 */
export function decodeJson(bytes: Uint8Array, key: string): unknown {
  return parsed(bytes, key, { isGzipped: false, name: 'a document', remedy: '' })
}

function parsed(
  bytes: Uint8Array,
  key: string,
  { isGzipped, name, remedy }: Pick<DocumentKind<unknown>, 'isGzipped' | 'name' | 'remedy'>,
): unknown {
  try {
    return JSON.parse((isGzipped ? gunzipSync(bytes) : Buffer.from(bytes)).toString('utf8')) as unknown
  } catch (cause) {
    const found = `something else (${(cause as Error).message})`
    throw corrupt(key, `${name} in ${isGzipped ? 'gzipped ' : ''}JSON`, found, remedy, cause)
  }
}

function corrupt(
  key: string,
  expected: string,
  found: string,
  remedy: string,
  cause?: unknown,
): DayfoldError {
  const message = `${key}: expected ${expected}, found ${found}. ${remedy}`.trimEnd()
  return new DayfoldError('CorruptState', message, { context: { key }, cause })
}

function typeName(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value
}
