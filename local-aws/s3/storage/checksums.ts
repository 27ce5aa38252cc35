import { createHash, type Hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { crc32 } from 'node:zlib'
import { AwsError } from '../../protocol/aws-error.ts'
import { notImplemented } from '../answers.ts'

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

// Headers that begin like a checksum's and are none.
const OTHERS = new Set(['x-amz-checksum-mode', 'x-amz-checksum-type', 'x-amz-checksum-algorithm'])
const PREFIX = 'x-amz-checksum-'

/**
 * The algorithm of the checksum that a request sends along, in a header or after its body.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 *
 * @throws AwsError NotImplemented for an algorithm that is not verified here
 */
export function sentAlgorithm(headers: IncomingHttpHeaders): ChecksumAlgorithm | undefined {
  const trailer = headers['x-amz-trailer']
  const names = typeof trailer === 'string' ? [trailer] : Object.keys(headers)
  const name = names.find((candidate) => candidate.startsWith(PREFIX) && !OTHERS.has(candidate))
  return name === undefined ? undefined : asAlgorithm(name.slice(PREFIX.length))
}

/** @throws AwsError NotImplemented for an algorithm that is not verified here */
export function asAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = name.toLowerCase()
  if (ALGORITHMS.includes(algorithm)) return algorithm as ChecksumAlgorithm
  throw notImplemented(
    `checksums by ${name.toUpperCase()}; it verifies ${ALGORITHMS.join(', ').toUpperCase()}`,
  )
}

export const checksumHeader = (algorithm: ChecksumAlgorithm) => `${PREFIX}${algorithm}`

/**
 * Compares digests with what the request announced.
 *
 * @throws AwsError BadDigest when they differ, InvalidDigest for a Content-MD5 that is none
 */
export function verifyDigests(
  digests: Digests,
  algorithm: ChecksumAlgorithm | undefined,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): void {
  const announced = algorithm && headers[checksumHeader(algorithm)]
  if (algorithm && announced !== digests.checksum) {
    throw new AwsError(
      'BadDigest',
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum: ` +
        `expected ${String(announced)}, found ${digests.checksum}.`,
    )
  }
  const md5 = headers['content-md5']
  if (md5 === undefined) return
  const expected = Buffer.from(String(md5), 'base64')
  if (expected.length !== 16)
    throw new AwsError('InvalidDigest', `The Content-MD5 you specified is invalid: ${String(md5)}.`)
  if (expected.toString('hex') !== digests.md5) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
  }
}
