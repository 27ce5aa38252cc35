import type { Access } from '../iam/access.ts'
import { parseCopySource } from './wire/parse-copy-source.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html

/** An object that a request names, and the ETag that it must have, if any. */
export interface Place {
  readonly Bucket: string
  readonly Key: string
  readonly IfMatch?: string | undefined
}

/** Returns the ARN of a bucket. */
export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`
/** Returns the ARN of an object. */
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`

const onObject = (action: string, { Bucket, Key }: Place): Access => ({
  action,
  resource: objectArn(Bucket, Key),
})

/** Returns the permissions to read an object, or a version of it. */
export function readsObject(place: Place & { readonly VersionId?: string | undefined }): readonly Access[] {
  return [onObject(place.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', place)]
}

/**
 * Returns the permissions to write an object, or a part of one. A write on condition of an ETag reveals something about
 * the present object, so it needs the permission to read it as well.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function writesObject(place: Place): readonly Access[] {
  return withRead('s3:PutObject', place)
}

/**
 * Returns the permissions to delete an object. A deletion on condition of an ETag needs the permission to read as well.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
 */
export function deletesObject(place: Place): readonly Access[] {
  return withRead('s3:DeleteObject', place)
}

function withRead(action: string, place: Place): readonly Access[] {
  const access = onObject(action, place)
  return place.IfMatch === undefined ? [access] : [access, ...readsObject(place)]
}

/**
 * Returns the permissions to copy an object. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 *
 * @throws AwsError InvalidArgument for a malformed CopySource
 */
export function copiesObject(place: Place & { readonly CopySource?: string | undefined }): readonly Access[] {
  const { bucket, key } = parseCopySource(place.CopySource)
  return [...readsObject({ Bucket: bucket, Key: key }), ...writesObject(place)]
}

/** Returns the permissions to restore an archived object. */
export function restoresObject(place: Place): readonly Access[] {
  return [onObject('s3:RestoreObject', place)]
}

/** Returns the permissions to abort a multipart upload. */
export function abortsUpload(place: Place): readonly Access[] {
  return [onObject('s3:AbortMultipartUpload', place)]
}

/**
 * Returns the permission to list a bucket. Callers without it get 403 instead of 404 for an object that does not exist.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function listAccess(bucket: string, prefix?: string): Access {
  const resource = bucketArn(bucket)
  return {
    action: 's3:ListBucket',
    resource,
    ...(prefix !== undefined && { context: { 's3:prefix': prefix } }),
  }
}

/** Returns the permission to list versions of objects. */
export function listVersionsAccess(bucket: string, prefix: string): Access {
  return {
    action: 's3:ListBucketVersions',
    resource: bucketArn(bucket),
    context: { 's3:prefix': prefix },
  }
}
