import type { Access } from '../iam/access.ts'
import { parseCopySource } from './wire/parse-copy-source.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html

/** An object that a request names, and the ETag that it must have. */
export interface Place {
  readonly Bucket: string
  readonly Key: string
  readonly IfMatch?: string | undefined
}

/** ARN of a bucket. */
export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`
/** ARN of an object. */
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`

const onObject = (action: string, { Bucket, Key }: Place): Access => ({
  action,
  resource: objectArn(Bucket, Key),
})

/** What reading an object, or a version of it, needs. */
export function readsObject(place: Place & { readonly VersionId?: string | undefined }): readonly Access[] {
  return [onObject(place.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', place)]
}

/**
 * What writing an object, or a part of one, needs. Writing over what has a certain ETag tells about what is there, so
 * it takes the permission to read it as well.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function writesObject(place: Place): readonly Access[] {
  return withRead('s3:PutObject', place)
}

/**
 * What deleting an object needs. A deletion that names an ETag takes the permission to read as well.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
 */
export function deletesObject(place: Place): readonly Access[] {
  return withRead('s3:DeleteObject', place)
}

function withRead(action: string, place: Place): readonly Access[] {
  const access = onObject(action, place)
  return place.IfMatch === undefined ? [access] : [access, ...readsObject(place)]
}

/** What a copy needs. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export function copiesObject(place: Place & { readonly CopySource?: string | undefined }): readonly Access[] {
  const { bucket, key } = parseCopySource(place.CopySource)
  return [...readsObject({ Bucket: bucket, Key: key }), ...writesObject(place)]
}

/** What restoring an archived object needs. */
export function restoresObject(place: Place): readonly Access[] {
  return [onObject('s3:RestoreObject', place)]
}

/** What aborting an upload in parts needs. */
export function abortsUpload(place: Place): readonly Access[] {
  return [onObject('s3:AbortMultipartUpload', place)]
}

/**
 * Listing a bucket, which is also what it takes to be told 404 for an object that is not there instead of 403.
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

/** Listing the versions of objects. */
export function listVersionsAccess(bucket: string, prefix: string): Access {
  return {
    action: 's3:ListBucketVersions',
    resource: bucketArn(bucket),
    context: { 's3:prefix': prefix },
  }
}
