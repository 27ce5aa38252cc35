import { gzipSync } from 'node:zlib'

/** Bytes that may stand in the place of a stored document; no reader may take them for the document. */
export const GARBAGE: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['half a document', Buffer.from('{')],
  ['nothing', Buffer.alloc(0)],
  ['an empty object', Buffer.from('{}')],
  ['null', Buffer.from('null')],
  ['a newer version', Buffer.from('{"version":99}')],
]

/** The same for documents that are gzipped. */
export const ZIPPED_GARBAGE: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['bytes of another kind', Buffer.from('{}')],
  ...GARBAGE.map(([what, bytes]) => [what, gzipSync(bytes)] as const),
]
