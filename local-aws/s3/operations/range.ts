import { AwsError, notImplemented } from '../../protocol/aws-error.ts'

/**
 * Returns the first and last byte of a range, both included. Returns undefined, for the whole object, without a range
 * or with one that is malformed or not in bytes, which HTTP tells servers to ignore.
 *
 * @throws AwsError InvalidRange if none of its bytes exist, NotImplemented for several ranges
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  if (header?.startsWith('bytes=') !== true) return undefined
  if (header.includes(',')) throw notImplemented(`several ranges at once (Range: ${header})`)
  const match = /^bytes=(\d*)-(\d*)$/.exec(header)
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, from, to] = match
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < start) return undefined
  if (start >= size || (from === '' && Number(to) === 0)) {
    throw new AwsError(
      'InvalidRange',
      `The requested range is not satisfiable: ${header} of ${size} bytes.`,
      416,
    )
  }
  return { start, end }
}
