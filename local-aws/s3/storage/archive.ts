import { AwsError } from '../../protocol/aws-error.ts'
import type { ObjectMeta } from './sidecars.ts'

/** Kept headers of an object, which say its storage class and until when a copy of it is restored. */
export const CLASS_HEADER = 'x-amz-storage-class'
export const RESTORE_HEADER = 'x-amz-restore'

/** Classes whose objects are restored before they are read. */
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE'])

interface Described {
  readonly meta: Pick<ObjectMeta, 'headers'> | undefined
}

/** The storage class of an object. */
export const storageClassOf = ({ meta }: Described) => meta?.headers[CLASS_HEADER] ?? 'STANDARD'

/** Whether an object is of an archived class, restored or not. */
export const isOfArchive = (object: Described) => ARCHIVED.has(storageClassOf(object))

/** The header of a restored copy. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const restoredUntil = (expiry: Date) =>
  `ongoing-request="false", expiry-date="${expiry.toUTCString()}"`

/** When the restored copy of an object expires; undefined where there is none, or none any more. */
export function restoreExpiry({ meta }: Described, now: number): Date | undefined {
  const text = /expiry-date="([^"]*)"/.exec(meta?.headers[RESTORE_HEADER] ?? '')?.[1]
  const expiry = text === undefined ? undefined : new Date(text)
  return expiry && expiry.getTime() > now ? expiry : undefined
}

/** Whether an object has to be restored before it is read. */
export const isArchived = (object: Described, now: number) =>
  isOfArchive(object) && restoreExpiry(object, now) === undefined

/** The error for what asks for another storage class. */
export const invalidObjectState = (what: string) => new AwsError('InvalidObjectState', what, 403)
