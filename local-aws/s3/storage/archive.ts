import { AwsError } from '../../protocol/aws-error.ts'
import type { ObjectMeta } from './sidecars.ts'

/**
 * Name of the header that is kept with an object and contains its storage class; an object of the class STANDARD has
 * none.
 */
export const CLASS_HEADER = 'x-amz-storage-class'
/** Name of the header that is kept with an archived object and says until when its restored copy exists. */
export const RESTORE_HEADER = 'x-amz-restore'

/** Classes whose objects must be restored before they can be read. */
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE'])

interface Described {
  readonly meta: Pick<ObjectMeta, 'headers'> | undefined
}

/** Returns the storage class of an object, in S3's words; STANDARD by default. */
export const storageClassOf = ({ meta }: Described) => meta?.headers[CLASS_HEADER] ?? 'STANDARD'

/** Returns true for an object of the class GLACIER or DEEP_ARCHIVE, whether it is restored or not. */
export const isOfArchive = (object: Described) => ARCHIVED.has(storageClassOf(object))

/**
 * Returns the value of the header `x-amz-restore` for an archived object whose restored copy expires at `expiry`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const restoredUntil = (expiry: Date) =>
  `ongoing-request="false", expiry-date="${expiry.toUTCString()}"`

/**
 * Returns the time at which the restored copy of an archived object expires; undefined if there is no copy, or it has
 * expired.
 *
 * @param now milliseconds since 1970
 */
export function restoreExpiry({ meta }: Described, now: number): Date | undefined {
  const text = /expiry-date="([^"]*)"/.exec(meta?.headers[RESTORE_HEADER] ?? '')?.[1]
  const expiry = text === undefined ? undefined : new Date(text)
  return expiry && expiry.getTime() > now ? expiry : undefined
}

/**
 * Returns true for an object that cannot be read now, because its class is archived and it has no restored copy.
 *
 * @param now milliseconds since 1970
 */
export const isArchived = (object: Described, now: number) =>
  isOfArchive(object) && restoreExpiry(object, now) === undefined

/**
 * Returns S3's error InvalidObjectState, status 403, for an action that an object's storage class does not allow.
 *
 * @param what the message
 */
export const invalidObjectState = (what: string) => new AwsError('InvalidObjectState', what, 403)
