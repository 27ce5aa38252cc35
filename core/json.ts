import { gunzipSync, gzipSync } from 'node:zlib'
import { DayfoldError } from './errors.ts'

/**
 * The value of JSON text in UTF-8.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState when the bytes are not JSON
 */
export function decodeJson(bytes: Uint8Array, key: string): unknown {
  return decoded('JSON', key, () => Buffer.from(bytes))
}

/** `value` as gzipped JSON. */
export function encodeJsonGzip(value: unknown): Buffer {
  return gzipSync(JSON.stringify(value))
}

/**
 * The value that `encodeJsonGzip` wrote.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState when the bytes are not gzipped JSON
 */
export function decodeJsonGzip(bytes: Uint8Array, key: string): unknown {
  return decoded('gzipped JSON', key, () => gunzipSync(bytes))
}

function decoded(expected: string, key: string, text: () => Buffer): unknown {
  try {
    return JSON.parse(text().toString('utf8')) as unknown
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause)
    throw new DayfoldError('CorruptState', `${key}: expected ${expected}, found something else (${found}).`, {
      cause,
    })
  }
}
