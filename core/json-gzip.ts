import { gunzipSync, gzipSync } from 'node:zlib'
import { DayfoldError } from './errors.ts'

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
  try {
    return JSON.parse(gunzipSync(bytes).toString('utf8')) as unknown
  } catch (cause) {
    throw new DayfoldError('CorruptState', `${key}: expected gzipped JSON, found something else.`, { cause })
  }
}
