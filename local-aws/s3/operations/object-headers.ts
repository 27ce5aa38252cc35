import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from '../../protocol/aws-error.ts'
import { contentCodings } from '../wire/body.ts'

/** Headers that S3 keeps with an object and sends back, beside user metadata and Content-Encoding. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
] as const

const USER_METADATA = 'x-amz-meta-'
const MOST_METADATA_BYTES = 2048

/**
 * The headers of a request that belong to the object.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 *
 * @throws AwsError MetadataTooLarge for more than 2 KB of user metadata
 */
export function objectHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    if (headers[name] !== undefined) kept[name] = headers[name]
  }
  const coding = contentCodings(headers).kept
  if (coding !== undefined) kept['content-encoding'] = coding
  let bytes = 0
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(USER_METADATA)) continue
    kept[name] = String(value)
    bytes += name.length - USER_METADATA.length + Buffer.byteLength(String(value), 'latin1')
  }
  if (bytes > MOST_METADATA_BYTES) {
    throw new AwsError('MetadataTooLarge', `User metadata: expected at most 2048 bytes, found ${bytes}.`)
  }
  return kept
}
