import { AwsError } from '../../protocol/aws-error.ts'
import type { ObjectMeta } from './sidecars.ts'

/** Kept header with the storage class of an object; absent for STANDARD. */
export const CLASS_HEADER = 'x-amz-storage-class'
/** Kept header that says until when an archived object is restored. */
export const RESTORE_HEADER = 'x-amz-restore'

/** Classes whose objects must be restored before they can be read. */
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE'])

interface Described {
  readonly meta: Pick<ObjectMeta, 'headers'> | undefined
}

/** Returns the storage class of an object. */
export const storageClassOf = ({ meta }: Described) => meta?.headers[CLASS_HEADER] ?? 'STANDARD'

/** True for an object of an archived class, restored or not. */
export const isOfArchive = (object: Described) => ARCHIVED.has(storageClassOf(object))

/** Returns the header of a restored copy. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const restoredUntil = (expiry: Date) =>
  `ongoing-request="false", expiry-date="${expiry.toUTCString()}"`

/** Returns the time when the restored copy of an object expires; undefined without one, or after that time. */
export function restoreExpiry({ meta }: Described, now: number): Date | undefined {
  const text = /expiry-date="([^"]*)"/.exec(meta?.headers[RESTORE_HEADER] ?? '')?.[1]
  const expiry = text === undefined ? undefined : new Date(text)
  return expiry && expiry.getTime() > now ? expiry : undefined
}

/** True if an object must be restored before it can be read. */
export const isArchived = (object: Described, now: number) =>
  isOfArchive(object) && restoreExpiry(object, now) === undefined

/** Returns the error for an action that the object's storage class does not allow. */
export const invalidObjectState = (what: string) => new AwsError('InvalidObjectState', what, 403)
