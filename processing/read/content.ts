import { OPEN_OBJECT } from './bytes.ts'
import type { Compression } from '../../core/manifest.ts'

/** Compression of an object, undefined if it has none; or the reason, in words, why the object is not read. */
export type Content = { readonly compression: Compression | undefined } | { readonly unreadable: string }

/** Formats that are known by their first bytes, in hexadecimal. */
const MAGIC: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['bzip2', /^425a683[1-9]/],
  ['xz', /^fd377a585a00/],
  ['LZ4', /^0[24]224d18/],
  ['snappy', /^ff060000734e61507059/],
  ['zip', /^504b0(?:304|506|708)/],
  ['7-Zip', /^377abcaf271c/],
  ['LZO', /^894c5a4f00/],
  ['compress (.Z)', /^1f(?:9d|a0)/],
  ['zlib', /^78(?:01|5e|9c|da)/],
  ['RAR', /^526172211a07/],
  ['Parquet', /^50415231/],
  ['Avro', /^4f626a01/],
  ['ORC', /^4f5243(?:0|1)/],
  ['PDF', /^255044462d/],
  ['SQLite', /^53514c69746520666f726d6174203300/],
]
/** Mark of a tar archive, after fields that are filled up with zeros. */
const TAR = 'ustar'
const TAR_AT = 257

/** Encodings other than UTF-8, by the bytes that JSON begins with in them, with or without a byte order mark. */
const ENCODINGS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['UTF-32', /^(?:fffe0000|0000feff|(?:09|0a|0d|20|5b|7b)000000|000000(?:09|0a|0d|20|5b|7b))/],
  ['UTF-16', /^(?:fffe|feff|(?:09|0a|0d|20|22|5b|7b)00|00(?:09|0a|0d|20|22|5b|7b))/],
]

/** RFC 1952: two bytes, and the only method there is. */
const GZIP = /^1f8b(?:08|$)/
/** RFC 8878: a frame, or a skippable one. */
const ZSTD = /^(?:28b52ffd|5[0-9a-f]2a4d18)/
const LONGEST_MAGIC = 16

/**
 * Recognizes the content of an object by its first bytes, whatever its name. Binary content of an unknown format passes
 * as uncompressed text here.
 *
 * @param start first bytes of the object: 262, or all if it is shorter
 */
export function contentOf(start: Buffer): Content {
  if (start[0] === OPEN_OBJECT && start[1] !== 0) return { compression: undefined }
  const hex = start.toString('hex', 0, LONGEST_MAGIC)
  if (GZIP.test(hex)) return { compression: 'gzip' }
  if (ZSTD.test(hex)) return { compression: 'zstd' }
  const name = nameIn(hex, MAGIC) ?? tarIn(start)
  if (name !== undefined)
    return { unreadable: `${name}, which is not read: JSON Lines are, plain, gzip or zstd` }
  const encoding = nameIn(hex, ENCODINGS)
  if (encoding !== undefined) return { unreadable: `looks like ${encoding}: text in UTF-8 is expected` }
  return { compression: undefined }
}

const nameIn = (hex: string, patterns: typeof MAGIC) => patterns.find(([, pattern]) => pattern.test(hex))?.[0]

function tarIn(start: Buffer): string | undefined {
  const isTar =
    start.toString('latin1', TAR_AT, TAR_AT + TAR.length) === TAR && start.subarray(0, TAR_AT).includes(0)
  return isTar ? 'a tar archive' : undefined
}
