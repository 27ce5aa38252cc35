import { AwsError, notImplemented } from '../../protocol/aws-error.ts'

/** A writer's condition on the present object: a single ETag, or `*`. */
export interface WriteCondition {
  /** ETag that the object must have, without quotes; `*` if any object will do. */
  readonly ifMatch?: string | undefined
  /** True if there must be no object. */
  readonly ifNoneMatch?: boolean
}

/**
 * Reads the condition of a write. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @throws AwsError NotImplemented for an IfNoneMatch other than `*`
 */
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
 * Checks the condition of a write.
 *
 * @throws AwsError PreconditionFailed if there is another object than demanded, NoSuchKey if there is none
 */
export function checkWrite(condition: WriteCondition, current: { readonly etag: string } | undefined): void {
  if (condition.ifNoneMatch && current) throw preconditionFailed('If-None-Match')
  if (condition.ifMatch === undefined) return
  if (!current) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404)
  if (condition.ifMatch !== '*' && condition.ifMatch !== current.etag) throw preconditionFailed('If-Match')
}

/**
 * Checks the conditions of a read; `modified: false` means that the answer is status 304.
 *
 * @throws AwsError PreconditionFailed if the object's ETag is not in `ifMatch`
 */
export function checkRead(
  etag: string,
  ifMatch: string | undefined,
  ifNoneMatch: string | undefined,
): { readonly modified: boolean } {
  if (ifMatch !== undefined && !matchesAny(ifMatch, etag)) throw preconditionFailed('If-Match')
  return { modified: ifNoneMatch === undefined || !matchesAny(ifNoneMatch, etag) }
}

/** Returns an ETag without its quotes. */
export function unquote(etag: string): string {
  return etag.trim().replace(/^"(.*)"$/, '$1')
}

/** Returns the error for a condition that does not hold, with status 412. */
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
