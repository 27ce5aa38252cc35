import { AwsError, notImplemented } from '../../protocol/aws-error.ts'

/**
 * Parses the value of the header `x-amz-copy-source`, the URL-encoded bucket and key of a copy's source. The object
 * need not exist.
 *
 * @throws AwsError InvalidArgument for a malformed value, NotImplemented for one that names a version
 */
export function parseCopySource(text = ''): { readonly bucket: string; readonly key: string } {
  if (text.includes('?')) throw notImplemented(`versions of a copy's source (${text})`)
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(text)) ?? []
  if (bucket !== undefined && key !== undefined) return { bucket, key }
  throw new AwsError('InvalidArgument', `x-amz-copy-source: expected bucket/key, found "${text}".`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidArgument', `x-amz-copy-source: expected URL encoding, found "${text}".`)
  }
}
