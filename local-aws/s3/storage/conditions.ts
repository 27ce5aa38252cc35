import { AwsError, notImplemented } from '../../protocol/aws-error.ts'

/** Condition on the current object under which a write or a deletion may happen. */
export interface WriteCondition {
  /**
   * ETag, without quotes, that the current object must have; `*` if there must be any object; undefined for no
   * condition.
   */
  readonly ifMatch?: string | undefined
  /** True if there must be no current object. */
  readonly ifNoneMatch?: boolean
}

/**
 * Converts the members IfMatch and IfNoneMatch of a write or a deletion to its condition.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
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
 * Checks that the current object meets the condition of a write or a deletion.
 *
 * @param current the current object; undefined if there is none
 *
 * @throws AwsError PreconditionFailed if there is an object that must not be there, or one with another ETag; NoSuchKey
 * if the object to match does not exist
 */
export function checkWrite(condition: WriteCondition, current: { readonly etag: string } | undefined): void {
  if (condition.ifNoneMatch && current) throw preconditionFailed('If-None-Match')
  if (condition.ifMatch === undefined) return
  if (!current) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404)
  if (condition.ifMatch !== '*' && condition.ifMatch !== current.etag) throw preconditionFailed('If-Match')
}

/**
 * Checks the conditions of a read. If `modified` in the result is false, the answer must be status 304 without a body.
 *
 * @param etag ETag of the object, without quotes
 * @param ifMatch value of If-Match: ETags separated by commas, or `*`
 * @param ifNoneMatch value of If-None-Match, likewise
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

/** Returns an ETag without the quotes and blanks around it. */
export function unquote(etag: string): string {
  return etag.trim().replace(/^"(.*)"$/, '$1')
}

/**
 * Returns S3's error PreconditionFailed, status 412, for a condition that does not hold.
 *
 * @param condition name of the header with the condition, for the message
 */
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
