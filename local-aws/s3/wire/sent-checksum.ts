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
 * Returns the algorithm of the checksum that a request sends, in a header or after its body; undefined without one.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 *
 * @throws AwsError NotImplemented for an algorithm that is not verified here
 */
export function sentAlgorithm(headers: IncomingHttpHeaders): ChecksumAlgorithm | undefined {
  const trailer = headers['x-amz-trailer']
  const names = typeof trailer === 'string' ? [trailer] : Object.keys(headers)
  const name = names.find((candidate) => candidate.startsWith(CHECKSUM_PREFIX) && !OTHERS.has(candidate))
  return name === undefined ? undefined : asAlgorithm(name.slice(CHECKSUM_PREFIX.length))
}

/**
 * Compares digests with those that the request announced.
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

/** True for a request that announces a digest of its body. */
export function announcesDigest(headers: IncomingHttpHeaders): boolean {
  return headers['content-md5'] !== undefined || sentAlgorithm(headers) !== undefined
}

/**
 * Compares a whole body with the digests that the request announced.
 *
 * @throws AwsError as {@link verifyDigests} does
 */
export function verifyBody(headers: IncomingHttpHeaders, body: Buffer): void {
  const algorithm = sentAlgorithm(headers)
  const digester = createDigester(algorithm)
  digester.update(body)
  verifyDigests(digester.digests(), algorithm, headers)
}
