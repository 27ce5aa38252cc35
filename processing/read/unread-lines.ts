import { isUtf8 } from 'node:buffer'

/** Longest line that is read by default: 128 MiB. */
export const MAX_LINE_BYTES = 128 * 1024 * 1024
/** Most bytes that a reject keeps of a line over the limit, or of what a broken gzip left. */
export const MAX_KEPT_BYTES = 64 * 1024
/**
 * Most bytes that are kept as text. In JSON they may grow sixfold, and neither V8's strings nor Athena's reader have
 * room for more.
 */
const MAX_RAW_TEXT_BYTES = 16 * 1024 * 1024

/**
 * Makes the reject for a line over the limit.
 *
 * @param line first bytes of the line, or all
 * @param bytes length of the line
 * @param start decoded bytes before it
 */
export function tooLong(line: Buffer, bytes: number, maxLineBytes: number, start = 0) {
  const message = `expected a line of at most ${maxLineBytes} bytes, found ${bytes}; its first ${MAX_KEPT_BYTES} bytes are kept here`
  return { reason: 'line-too-long', message, outline: message, ...keptOf(line, bytes, start) } as const
}

/**
 * Returns what a reject keeps of a record: its first bytes, and the range of all if they are more.
 *
 * @param bytes length of the record
 */
export function keptOf(record: Buffer, bytes: number, start = 0) {
  const range = { start, end: start + bytes, of: 'decoded' } as const
  return { ...rawOf(record.subarray(0, MAX_KEPT_BYTES)), ...(bytes > MAX_KEPT_BYTES && { range }) }
}

/**
 * Returns bytes as a reject holds them: as text if they are valid UTF-8 and not too many to be quoted, else in base64.
 */
export function rawOf(bytes: Buffer): { raw: string } | { rawBase64: string } {
  if (bytes.length <= MAX_RAW_TEXT_BYTES && isUtf8(bytes)) return { raw: bytes.toString() }
  return { rawBase64: bytes.toString('base64') }
}
