import { hash } from 'node:crypto'
import { int64Of } from './int64.ts'
import { text } from './text.ts'

/**
 * Returns a 64-bit hash of a trimmed text, for example for the row of an embedding table; null for anything without
 * text. Equal texts have equal hashes, always and everywhere: the hash is the first 8 bytes of the SHA-256 of the
 * text's UTF-8, big-endian and signed. Athena computes it as `from_big_endian_64(substr(sha256(to_utf8(x)), 1, 8))`.
 * Among a billion texts, the chance that two share a hash is 1 in 37.
 */
export function hash64(value: unknown): bigint | null {
  const found = text(value)
  if (found === null) return null
  const bytes = hash('sha256', found, 'binary')
  return int64Of(wordAt(bytes, 0), wordAt(bytes, 4))
}

/** Returns four bytes as a number, big-endian. */
function wordAt(bytes: string, at: number): number {
  const [one, two] = [bytes.charCodeAt(at), bytes.charCodeAt(at + 1)]
  return (one << 24) | (two << 16) | (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3)
}
