import { AwsError } from '../../protocol/aws-error.ts'

const NO_QUERY = new URLSearchParams()

/** `/bucket/key?query`, as a client that finds an IP address in its endpoint writes it. */
export function parseUrl(url: string): { bucket: string; key: string; query: URLSearchParams } {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const search = mark < 0 ? '' : url.slice(mark + 1)
  // The SDK names the operation there, and nothing else: no need to parse it.
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
