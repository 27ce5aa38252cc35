import { isUtf8 } from 'node:buffer'

/** Longest line that is read, unless told otherwise: 128 MiB. */
export const MAX_LINE_BYTES = 128 * 1024 * 1024
/** Most of a line over the limit, or of what a broken gzip left, that a reject keeps. */
export const MAX_KEPT_BYTES = 64 * 1024
/** Text in JSON may take six times its bytes, which V8 has no string for and Athena's reader no room. */
const MAX_RAW_TEXT_BYTES = 16 * 1024 * 1024

/**
 * The reject for a line over the limit.
 *
 * @param line its first bytes, or all of them
 * @param bytes how many it has
 * @param start the decoded bytes before it
 */
export function tooLong(line: Buffer, bytes: number, maxLineBytes: number, start = 0) {
  const message = `expected a line of at most ${maxLineBytes} bytes, found ${bytes}; its first ${MAX_KEPT_BYTES} bytes are kept here`
  return { reason: 'line-too-long', message, outline: message, ...keptOf(line, bytes, start) } as const
}

/** What a reject keeps of a record of so many bytes: its first ones, with the range of all where they are more. */
export function keptOf(record: Buffer, bytes: number, start = 0) {
  const range = { start, end: start + bytes, of: 'decoded' } as const
  return { ...rawOf(record.subarray(0, MAX_KEPT_BYTES)), ...(bytes > MAX_KEPT_BYTES && { range }) }
}

/** Bytes as a reject holds them: text where they are valid UTF-8 and not too many to be quoted, base64 otherwise. */
export function rawOf(bytes: Buffer): { raw: string } | { rawBase64: string } {
  if (bytes.length <= MAX_RAW_TEXT_BYTES && isUtf8(bytes)) return { raw: bytes.toString() }
  return { rawBase64: bytes.toString('base64') }
}
