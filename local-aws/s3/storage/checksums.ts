import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { notImplemented } from '../errors.ts'

/** The algorithms of S3's additional checksums that are verified here. */
export type ChecksumAlgorithm = 'crc32' | 'sha1' | 'sha256'
const ALGORITHMS: readonly string[] = ['crc32', 'sha1', 'sha256'] satisfies ChecksumAlgorithm[]

/** Digests of one body. */
export interface Digests {
  /** Hexadecimal. */
  readonly md5: string
  readonly crc32: number
  /** Of the algorithm asked for, base64. */
  readonly checksum: string | undefined
}

/** Computes digests over bytes that come in pieces. */
export interface Digester {
  update(bytes: Uint8Array): void
  digests(): Digests
}

export function createDigester(algorithm?: ChecksumAlgorithm): Digester {
  const md5 = createHash('md5')
  const sha: Hash | undefined = algorithm?.startsWith('sha') ? createHash(algorithm) : undefined
  let crc = 0
  return {
    update(bytes) {
      md5.update(bytes)
      sha?.update(bytes)
      crc = crc32(bytes, crc)
    },
    digests() {
      const checksum = sha ? sha.digest('base64') : algorithm && encodeCrc32(crc)
      return { md5: md5.digest('hex'), crc32: crc, checksum }
    },
  }
}

/** As S3 writes a CRC32: base64 of its four bytes, big-endian. */
export function encodeCrc32(crc: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc)
  return bytes.toString('base64')
}

/** The checksum of an object made of parts: of the parts' checksums, one after the other. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const digester = createDigester(algorithm)
  for (const part of parts) digester.update(Buffer.from(part, 'base64'))
  return `${digester.digests().checksum!}-${parts.length}`
}

/** @throws AwsError NotImplemented for an algorithm that is not verified here */
export function asAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = name.toLowerCase()
  if (ALGORITHMS.includes(algorithm)) return algorithm as ChecksumAlgorithm
  throw notImplemented(
    `checksums by ${name.toUpperCase()}; it verifies ${ALGORITHMS.join(', ').toUpperCase()}`,
  )
}

/** What the names of headers that carry a checksum begin with. */
export const CHECKSUM_PREFIX = 'x-amz-checksum-'

/** The header that carries a checksum of that algorithm. */
export const checksumHeader = (algorithm: ChecksumAlgorithm) => `${CHECKSUM_PREFIX}${algorithm}`
