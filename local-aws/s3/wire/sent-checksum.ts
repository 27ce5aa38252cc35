import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from '../../protocol/aws-error.ts'
import {
  asAlgorithm,
  CHECKSUM_PREFIX,
  checksumHeader,
  createDigester,
  type ChecksumAlgorithm,
  type Digests,
} from '../storage/checksums.ts'

// Headers that begin like a checksum's but carry none.
const OTHERS = new Set(['x-amz-checksum-mode', 'x-amz-checksum-type', 'x-amz-checksum-algorithm'])

/**
 * Returns the algorithm of the checksum that a request contains, in a header or after its body; undefined if it
 * contains none. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 *
 * @throws AwsError NotImplemented for an algorithm that is not verified
 */
export function sentAlgorithm(headers: IncomingHttpHeaders): ChecksumAlgorithm | undefined {
  const trailer = headers['x-amz-trailer']
  const names = typeof trailer === 'string' ? [trailer] : Object.keys(headers)
  const name = names.find((candidate) => candidate.startsWith(CHECKSUM_PREFIX) && !OTHERS.has(candidate))
  return name === undefined ? undefined : asAlgorithm(name.slice(CHECKSUM_PREFIX.length))
}

/**
 * Checks that the digests of a received body are those that its headers announce: the additional checksum, and
 * Content-MD5. What is not announced is not checked.
 *
 * @param algorithm algorithm of the announced checksum; undefined if there is none
 * @param headers headers before and after the body
 *
 * @throws AwsError BadDigest if they differ, InvalidDigest for a malformed Content-MD5
 */
export function verifyDigests(
  digests: Digests,
  algorithm: ChecksumAlgorithm | undefined,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): void {
  const announced = algorithm && headers[checksumHeader(algorithm)]
  if (algorithm && announced !== digests.checksum?.value) {
    throw new AwsError(
      'BadDigest',
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum: ` +
        `expected ${String(announced)}, found ${digests.checksum?.value}.`,
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

/** Returns true if a request announces a digest of its body, which DeleteObjects demands. */
export function announcesDigest(headers: IncomingHttpHeaders): boolean {
  return headers['content-md5'] !== undefined || sentAlgorithm(headers) !== undefined
}

/**
 * Checks that a whole body in memory has the digests that its headers announce.
 *
 * @throws AwsError as {@link verifyDigests} does
 */
export function verifyBody(headers: IncomingHttpHeaders, body: Buffer): void {
  const algorithm = sentAlgorithm(headers)
  const digester = createDigester(algorithm)
  digester.update(body)
  verifyDigests(digester.digests(), algorithm, headers)
}
