import type { Access } from '../iam/access.ts'
import { parseCopySource } from './wire/parse-copy-source.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html

/** The parts of a request that name an object, and the ETag that the object must have. */
export interface Place {
  readonly Bucket: string
  readonly Key: string
  /** ETag on which the request depends; undefined if it depends on none. */
  readonly IfMatch?: string | undefined
}

/** Returns the ARN of a bucket, for permissions. */
export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`
/** Returns the ARN of an object, for permissions. */
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`

const onObject = (action: string, { Bucket, Key }: Place): Access => ({
  action,
  resource: objectArn(Bucket, Key),
})

/** Returns the permission that a request needs to read an object or, if it names one, a version of it. */
export function readsObject(place: Place & { readonly VersionId?: string | undefined }): readonly Access[] {
  return [onObject(place.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', place)]
}

/**
 * Returns the permissions that a request needs to write an object, or a part of one. If the request depends on an ETag,
 * its success tells something about the current object, so the permission to read is needed as well.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function writesObject(place: Place): readonly Access[] {
  return withRead('s3:PutObject', place)
}

/**
 * Returns the permissions that a request needs to delete an object. If the request depends on an ETag, the permission
 * to read is needed as well. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
 */
export function deletesObject(place: Place): readonly Access[] {
  return withRead('s3:DeleteObject', place)
}

function withRead(action: string, place: Place): readonly Access[] {
  const access = onObject(action, place)
  return place.IfMatch === undefined ? [access] : [access, ...readsObject(place)]
}

/**
 * Returns the permissions that a request needs to copy an object: to read the source and to write the copy.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 *
 * @throws AwsError InvalidArgument for a malformed CopySource
 */
export function copiesObject(place: Place & { readonly CopySource?: string | undefined }): readonly Access[] {
  const { bucket, key } = parseCopySource(place.CopySource)
  return [...readsObject({ Bucket: bucket, Key: key }), ...writesObject(place)]
}

/** Returns the permission that a request needs to restore an archived object. */
export function restoresObject(place: Place): readonly Access[] {
  return [onObject('s3:RestoreObject', place)]
}

/** Returns the permission that a request needs to abort a multipart upload. */
export function abortsUpload(place: Place): readonly Access[] {
  return [onObject('s3:AbortMultipartUpload', place)]
}

/**
 * Returns the permission to list a bucket, or the keys with a prefix. A caller without it gets 403 instead of 404 for
 * an object that does not exist. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function listAccess(bucket: string, prefix?: string): Access {
  const resource = bucketArn(bucket)
  return {
    action: 's3:ListBucket',
    resource,
    ...(prefix !== undefined && { context: { 's3:prefix': prefix } }),
  }
}

/** Returns the permission to list the versions of objects with a prefix. */
export function listVersionsAccess(bucket: string, prefix: string): Access {
  return {
    action: 's3:ListBucketVersions',
    resource: bucketArn(bucket),
    context: { 's3:prefix': prefix },
  }
}
