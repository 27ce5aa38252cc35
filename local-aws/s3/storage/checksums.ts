import { notImplemented } from '../../protocol/aws-error.ts'
import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Algorithm of those additional checksums of S3 that the local S3 verifies. */
export type ChecksumAlgorithm = 'crc32' | 'sha1' | 'sha256'
const ALGORITHMS: readonly string[] = ['crc32', 'sha1', 'sha256'] satisfies ChecksumAlgorithm[]

/** A checksum that is stored with an object or a part, because the client has sent it or asked for it. */
export interface StoredChecksum {
  /** Name of its header in answers, such as `x-amz-checksum-crc32`. */
  readonly header: string
  /** Value of the header: base64, with `-N` at its end if it was computed from the checksums of N parts. */
  readonly value: string
  /** `FULL_OBJECT` for a checksum of all bytes, `COMPOSITE` for one computed from the checksums of parts. */
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
}

/** Digests of the bytes of one body or file. */
export interface Digests {
  /** MD5 in hexadecimal. */
  readonly md5: string
  /** CRC32 as an unsigned number of 32 bits. */
  readonly crc32: number
  /** Checksum of the algorithm that was asked for; undefined if none was. */
  readonly checksum: StoredChecksum | undefined
}

/** Computes digests of bytes that arrive in pieces. */
export interface Digester {
  /** Adds the next bytes. */
  update(bytes: Uint8Array): void
  /** Returns the digests of all bytes so far. May be called only once. */
  digests(): Digests
}

/** Creates a digester, which computes MD5, CRC32 and, if one is given, the checksum of another algorithm. */
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

/** Returns the text that S3 writes for a CRC32: base64 of its four bytes, big-endian. */
export function encodeCrc32(crc: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc)
  return bytes.toString('base64')
}

/**
 * Returns the checksum to store for an object whose bytes have the checksum `value`.
 *
 * @param value base64
 */
export function wholeChecksum(algorithm: ChecksumAlgorithm, value: string): StoredChecksum {
  return { header: checksumHeader(algorithm), value, type: 'FULL_OBJECT' }
}

/**
 * Returns the checksum to store for an object that was uploaded in parts: the checksum of the parts' concatenated
 * checksums. Every part must have one.
 */
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
 * Returns the algorithm with a name, which may be in upper or lower case.
 *
 * @throws AwsError NotImplemented for an algorithm that is not verified
 */
export function asAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = name.toLowerCase()
  if (ALGORITHMS.includes(algorithm)) return algorithm as ChecksumAlgorithm
  throw notImplemented(
    `checksums by ${name.toUpperCase()}; it verifies ${ALGORITHMS.join(', ').toUpperCase()}`,
  )
}

/** Prefix of the names of headers that contain a checksum. */
export const CHECKSUM_PREFIX = 'x-amz-checksum-'

/** Returns the name of the header that contains a checksum of an algorithm. */
export const checksumHeader = (algorithm: ChecksumAlgorithm) => `${CHECKSUM_PREFIX}${algorithm}`
