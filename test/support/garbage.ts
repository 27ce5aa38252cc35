import { gzipSync } from 'node:zlib'

/** What a stored document may hold in its place: no reader may take it for the document. */
export const GARBAGE: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['half a document', Buffer.from('{')],
  ['nothing', Buffer.alloc(0)],
  ['an empty object', Buffer.from('{}')],
  ['null', Buffer.from('null')],
  ['a newer version', Buffer.from('{"version":99}')],
]

/** {@link GARBAGE} of documents that are gzipped. */
export const ZIPPED_GARBAGE: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['bytes of another kind', Buffer.from('{}')],
  ...GARBAGE.map(([what, bytes]) => [what, gzipSync(bytes)] as const),
]
