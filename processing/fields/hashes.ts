import { hash } from 'node:crypto'
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
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', found, 'hex').slice(0, 16)}`))
}
