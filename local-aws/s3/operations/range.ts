import { AwsError, notImplemented } from '../../protocol/aws-error.ts'

/**
 * Returns the offsets of the first and the last byte that a Range header asks for, both included. Undefined means the
 * whole object: there is no header, or one that HTTP tells servers to ignore because it is malformed or not in bytes.
 *
 * @param size size of the object in bytes
 *
 * @throws AwsError InvalidRange if no byte of the range exists, NotImplemented for several ranges
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
