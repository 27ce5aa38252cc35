import { gunzipSync, gzipSync } from 'node:zlib'
import { DayfoldError } from './errors.ts'
import { jsonProblem } from './json-problem.ts'
import { datasetDayIn } from './layout.ts'
import type { Mode } from './modes.ts'

/** Names of the required fields of a document type. */
type RequiredFields<T> = { [F in keyof T]-?: object extends Pick<T, F> ? never : F }[keyof T]
/** Type of a field, as a name that {@link decodeDocument} can check at run time. */
type TypeName<V> = [V] extends [string]
  ? 'string'
  : [V] extends [number]
    ? 'number'
    : [V] extends [boolean]
      ? 'boolean'
      : [V] extends [readonly unknown[]]
        ? 'list'
        : [V] extends [string | null]
          ? 'string or null'
          : null extends V
            ? 'object or null'
            : 'object'

/** Format of one kind of JSON document that Dayfold stores and reads again, perhaps in another release. */
export interface DocumentKind<T> {
  /** Name with an article, such as `a work order`. Ends the sentence "expected …". */
  readonly name: string
  /** Version that is written, and the newest that can be read. */
  readonly version: number
  /** True if documents state their version. A document that does not is of version 1. */
  readonly saysVersion: boolean
  /**
   * Converts a document that states no version to the current version.
   * @default a document without a version is refused, or documents never state one
   */
  readonly upgrade?: (document: T) => T
  /** True if the JSON is stored gzipped. */
  readonly isGzipped: boolean
  /** Required fields with their types. A field that documents of this version may lack is optional in `T`. */
  readonly fields: { readonly [F in RequiredFields<T>]: TypeName<T[F]> }
  /** Advice about a document that cannot be read, as a sentence. */
  readonly remedy: string
  /**
   * Mode of an execution for the document's day that repairs it.
   * @default no execution repairs it
   */
  readonly mendedBy?: Mode
}

/** Fast: a manifest of 50,000 files takes 47 ms instead of 83, for 3.5% more bytes. */
const GZIP_LEVEL = 1

/** Encodes a document as JSON, with its version and gzipped if its kind says so. */
export function encodeDocument<T extends object>(document: T, kind: DocumentKind<T>): Buffer {
  const json = JSON.stringify(kind.saysVersion ? { version: kind.version, ...document } : document)
  return kind.isGzipped ? gzipSync(json, { level: GZIP_LEVEL }) : Buffer.from(json)
}

/**
 * Decodes a document that this release or an older one wrote, and checks the required fields.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no such document, or a newer release wrote them
 */
export function decodeDocument<T>(bytes: Uint8Array, key: string, kind: DocumentKind<T>): T {
  return checked(parsed(bytes, key, kind), key, kind)
}

/**
 * Decodes a JSON list of documents.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no list of such documents, or a newer release wrote them
 */
export function decodeDocuments<T>(bytes: Uint8Array, key: string, kind: DocumentKind<T>): T[] {
  const value = parsed(bytes, key, kind)
  if (!Array.isArray(value))
    throw corrupt(key, `a list, each ${kind.name}`, typeName(value), remedyOf(key, kind))
  return value.map((item) => checked(item, key, kind))
}

function checked<T>(value: unknown, key: string, kind: DocumentKind<T>): T {
  if (typeName(value) !== 'object') throw corrupt(key, kind.name, typeName(value), remedyOf(key, kind))
  const { version, ...document } = value as Record<string, unknown>
  checkVersion(version, key, kind)
  for (const [field, type] of Object.entries<string>(kind.fields)) {
    const found = typeName(document[field])
    if (!type.split(' or ').includes(found))
      throw corrupt(key, `${kind.name} with "${field}" as ${type}`, `${found} there`, remedyOf(key, kind))
  }
  if (version === undefined && kind.upgrade) return kind.upgrade(document as T)
  return (kind.saysVersion ? document : value) as T
}

function checkVersion<T>(found: unknown, key: string, kind: DocumentKind<T>): void {
  const { name, version, saysVersion, upgrade } = kind
  if (found === version || (found === undefined && (!saysVersion || upgrade))) return
  const isNewer = typeof found === 'number' && found > version
  throw corrupt(
    key,
    `${name} of version ${version}`,
    found === undefined ? 'no version' : `version ${JSON.stringify(found)}`,
    isNewer ? 'A newer release of Dayfold made it: deploy that release or a newer one.' : remedyOf(key, kind),
  )
}

function parsed(
  bytes: Uint8Array,
  key: string,
  kind: Pick<DocumentKind<unknown>, 'isGzipped' | 'name' | 'remedy' | 'mendedBy'>,
): unknown {
  const { isGzipped, name } = kind
  try {
    return JSON.parse((isGzipped ? gunzipSync(bytes) : Buffer.from(bytes)).toString('utf8')) as unknown
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? jsonProblem(cause) : (cause as Error).message
    const found = `something else (${problem})`
    throw corrupt(key, `${name} in ${isGzipped ? 'gzipped ' : ''}JSON`, found, remedyOf(key, kind), cause)
  }
}

/** Returns the kind's advice, with the complete execution input that repairs the document's day. */
function remedyOf(
  key: string,
  { remedy, mendedBy }: Pick<DocumentKind<unknown>, 'remedy' | 'mendedBy'>,
): string {
  const day = datasetDayIn(key)
  if (mendedBy === undefined || !day) return remedy
  const input = { from: day.date, to: day.date, datasets: [day.dataset], mode: mendedBy }
  return `${remedy} The input for that: ${JSON.stringify(input)}`
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

/**
 * Runs `read` and returns a CorruptState error instead of throwing it, for callers that can go on without the document.
 *
 * @throws any other error of `read`
 */
export async function orCorrupt<T>(read: () => T | Promise<T>): Promise<T | DayfoldError> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof DayfoldError && error.code === 'CorruptState') return error
    throw error
  }
}
