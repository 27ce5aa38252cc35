import { notImplemented } from '../../protocol/aws-error.ts'
import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Algorithms of S3's additional checksums that are verified here. */
export type ChecksumAlgorithm = 'crc32' | 'sha1' | 'sha256'
const ALGORITHMS: readonly string[] = ['crc32', 'sha1', 'sha256'] satisfies ChecksumAlgorithm[]

/** A checksum that the client sent or asked for, as its header shows it. */
export interface StoredChecksum {
  /** Such as `x-amz-checksum-crc32`. */
  readonly header: string
  /** Base64; ends in `-N` if it was made of the checksums of N parts. */
  readonly value: string
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
}

/** Digests of one body. */
export interface Digests {
  /** MD5 in hexadecimal. */
  readonly md5: string
  readonly crc32: number
  /** Checksum by the algorithm asked for; undefined without one. */
  readonly checksum: StoredChecksum | undefined
}

/** Computes digests of bytes that arrive in pieces. */
export interface Digester {
  update(bytes: Uint8Array): void
  digests(): Digests
}

/** Creates a digester for MD5, CRC32 and the algorithm, if any. */
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
      const value = sha ? sha.digest('base64') : encodeCrc32(crc)
      const checksum = algorithm && wholeChecksum(algorithm, value)
      return { md5: md5.digest('hex'), crc32: crc, checksum }
    },
  }
}

/** Returns a CRC32 as S3 writes it: base64 of its four bytes, big-endian. */
export function encodeCrc32(crc: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc)
  return bytes.toString('base64')
}

/** Returns a checksum over all bytes of an object. */
export function wholeChecksum(algorithm: ChecksumAlgorithm, value: string): StoredChecksum {
  return { header: checksumHeader(algorithm), value, type: 'FULL_OBJECT' }
}

/** Returns the checksum of an object made of parts: a checksum of the parts' concatenated checksums. */
export function compositeChecksum(
  algorithm: ChecksumAlgorithm,
  parts: readonly (StoredChecksum | undefined)[],
): StoredChecksum {
  const digester = createDigester(algorithm)
  for (const part of parts) digester.update(Buffer.from(part!.value, 'base64'))
  const { header, value } = digester.digests().checksum!
  return { header, value: `${value}-${parts.length}`, type: 'COMPOSITE' }
}

/**
 * Returns the algorithm of a name in any case.
 *
 * @throws AwsError NotImplemented for an algorithm that is not verified here
 */
export function asAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = name.toLowerCase()
  if (ALGORITHMS.includes(algorithm)) return algorithm as ChecksumAlgorithm
  throw notImplemented(
    `checksums by ${name.toUpperCase()}; it verifies ${ALGORITHMS.join(', ').toUpperCase()}`,
  )
}

/** Prefix of headers that carry a checksum. */
export const CHECKSUM_PREFIX = 'x-amz-checksum-'

/** Returns the header that carries a checksum of the algorithm. */
export const checksumHeader = (algorithm: ChecksumAlgorithm) => `${CHECKSUM_PREFIX}${algorithm}`
