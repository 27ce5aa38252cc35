import { isUtf8 } from 'node:buffer'

/** Maximum length of a line in bytes, by default: 128 MiB. */
export const MAX_LINE_BYTES = 128 * 1024 * 1024
/** Maximum bytes that a reject keeps of a line that is too long, or of the remainder of a broken object. */
export const MAX_KEPT_BYTES = 64 * 1024
/**
 * Maximum bytes that are kept as text. In JSON they may grow sixfold, and neither V8's strings nor Athena's reader have
 * room for more.
 */
const MAX_RAW_TEXT_BYTES = 16 * 1024 * 1024

/**
 * Makes the reject for a line that is too long.
 *
 * @param line first bytes of the line, or all
 * @param bytes length of the line
 * @param start decoded bytes in front of it, for the reject's range
 */
export function tooLong(line: Buffer, bytes: number, maxLineBytes: number, start = 0) {
  const message = `expected a line of at most ${maxLineBytes} bytes, found ${bytes}; its first ${MAX_KEPT_BYTES} bytes are kept here`
  return { reason: 'line-too-long', message, outline: message, ...keptOf(line, bytes, start) } as const
}

/**
 * Returns what a reject keeps of a record: its first 64 KiB, and the range of all its bytes if they are more.
 *
 * @param bytes length of the record
 * @param start decoded bytes in front of it
 */
export function keptOf(record: Buffer, bytes: number, start = 0) {
  const range = { start, end: start + bytes, of: 'decoded' } as const
  return { ...rawOf(record.subarray(0, MAX_KEPT_BYTES)), ...(bytes > MAX_KEPT_BYTES && { range }) }
}

/**
 * Returns bytes in the form in which a reject holds them: as text if they are valid UTF-8 and at most 16 MiB, else in
 * base64.
 */
export function rawOf(bytes: Buffer): { raw: string } | { rawBase64: string } {
  if (bytes.length <= MAX_RAW_TEXT_BYTES && isUtf8(bytes)) return { raw: bytes.toString() }
  return { rawBase64: bytes.toString('base64') }
}
