import { AwsError, notImplemented } from '../../protocol/aws-error.ts'

/** What a reader or writer asks of the object that is there. Only ETags without quotes and `*`. */
export interface WriteCondition {
  /** The ETag that the object must have, or `*`: there must be one. */
  readonly ifMatch?: string | undefined
  /** There must be no object. */
  readonly ifNoneMatch?: boolean
}

/** The condition of a write. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function writeCondition(asked: {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}): WriteCondition {
  const { IfMatch, IfNoneMatch } = asked
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
    throw notImplemented(`If-None-Match of a write with another value than *, "${IfNoneMatch}"`)
  return { ifMatch: IfMatch === undefined ? undefined : unquote(IfMatch), ifNoneMatch: IfNoneMatch === '*' }
}

/**
 * @throws AwsError PreconditionFailed when there is another object than asked for, NoSuchKey when there is none
 */
export function checkWrite(condition: WriteCondition, current: { readonly etag: string } | undefined): void {
  if (condition.ifNoneMatch && current) throw preconditionFailed('If-None-Match')
  if (condition.ifMatch === undefined) return
  if (!current) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404)
  if (condition.ifMatch !== '*' && condition.ifMatch !== current.etag) throw preconditionFailed('If-Match')
}

/**
 * Whether a read is answered: `modified: false` means status 304.
 *
 * @throws AwsError PreconditionFailed when `ifMatch` is another ETag
 */
export function checkRead(
  etag: string,
  ifMatch: string | undefined,
  ifNoneMatch: string | undefined,
): { readonly modified: boolean } {
  if (ifMatch !== undefined && !matchesAny(ifMatch, etag)) throw preconditionFailed('If-Match')
  return { modified: ifNoneMatch === undefined || !matchesAny(ifNoneMatch, etag) }
}

/** An ETag without its quotes. */
export function unquote(etag: string): string {
  return etag.trim().replace(/^"(.*)"$/, '$1')
}

export function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}.`,
    412,
  )
}

function matchesAny(header: string, etag: string): boolean {
  return header.split(',').some((candidate) => candidate.trim() === '*' || unquote(candidate) === etag)
}
