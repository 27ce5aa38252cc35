import { hash } from 'node:crypto'
import { text } from './text.ts'

/**
 * A number of 64 bits for a text, such as the row of an embedding table, trimmed first; null for what holds none. Equal
 * for equal texts, for ever and everywhere: the first 8 bytes of the SHA-256 of its UTF-8, big-endian and signed. Athena
 * has it as `from_big_endian_64(substr(sha256(to_utf8(x)), 1, 8))`. A billion texts share one with a chance of 1 in 37.
 */
export function hash64(value: unknown): bigint | null {
  const found = text(value)
  if (found === null) return null
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', found, 'hex').slice(0, 16)}`))
}
