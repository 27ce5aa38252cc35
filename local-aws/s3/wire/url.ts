import { AwsError } from '../../protocol/aws-error.ts'

const NO_QUERY = new URLSearchParams()

/**
 * Splits the path-style URL of a request, `/bucket/key?query`, which clients use for an endpoint at an IP address.
 * Bucket and key are decoded; the key is empty for a request about a bucket.
 *
 * @throws AwsError InvalidURI for malformed URL encoding
 */
export function parseUrl(url: string): { bucket: string; key: string; query: URLSearchParams } {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const search = mark < 0 ? '' : url.slice(mark + 1)
  // The SDK puts only the operation's name there, which need not be parsed.
  const isPlain = search === '' || (search.startsWith('x-id=') && !search.includes('&'))
  const slash = path.indexOf('/', 1)
  try {
    const bucket = decodeURIComponent(slash < 0 ? path.slice(1) : path.slice(1, slash))
    const key = slash < 0 ? '' : decodeURIComponent(path.slice(slash + 1))
    return { bucket, key, query: isPlain ? NO_QUERY : new URLSearchParams(search) }
  } catch {
    throw new AwsError('InvalidURI', `Path: expected URL encoding of UTF-8, found "${path}".`)
  }
}
