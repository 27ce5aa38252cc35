import type { IncomingHttpHeaders } from 'node:http'
import type { Access } from '../iam/access.ts'

/** A request to S3, as far as its permissions go. */
export interface S3Need {
  /** Of the operation. */
  readonly name: string
  readonly bucket: string
  /** Empty in operations on buckets. */
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

/** ARN of a bucket. */
export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`
/** ARN of an object. */
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`

const onObject = (action: string, { bucket, key }: S3Need): Access => ({
  action,
  resource: objectArn(bucket, key),
})

/**
 * What a request to S3 needs. Those of a DeleteObjects are told key by key.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 *
 * @throws Error for an operation that is not known here
 */
export function s3Accesses(need: S3Need): readonly Access[] {
  switch (need.name) {
    case 'GetObject':
    case 'HeadObject':
      return [onObject('s3:GetObject', need)]
    case 'PutObject':
    case 'CreateMultipartUpload':
    case 'UploadPart':
    case 'CompleteMultipartUpload':
      return writes(need)
    case 'CopyObject':
    case 'UploadPartCopy':
      return [...sourceAccess(need.headers), ...writes(need)]
    case 'AbortMultipartUpload':
      return [onObject('s3:AbortMultipartUpload', need)]
    case 'DeleteObject':
      return deleteAccesses(need.bucket, need.key, need.headers['if-match'] !== undefined)
    case 'DeleteObjects':
      return []
    case 'ListObjectsV2':
      return [listAccess(need.bucket, need.query.get('prefix') ?? '')]
    case 'HeadBucket':
      return [listAccess(need.bucket)]
    case 'CreateBucket':
      return [{ action: 's3:CreateBucket', resource: bucketArn(need.bucket) }]
    default:
      throw new Error(`S3: no permissions are known for ${need.name}: add them to local/iam/s3-access.ts.`)
  }
}

/**
 * Writing over what has a certain ETag tells about what is there, so it takes the permission to read it as well.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
function writes(need: S3Need): readonly Access[] {
  const write = onObject('s3:PutObject', need)
  return need.headers['if-match'] === undefined ? [write] : [write, onObject('s3:GetObject', need)]
}

/**
 * A deletion that names an ETag takes the permission to read as well.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
 */
export function deleteAccesses(bucket: string, key: string, isConditional: boolean): readonly Access[] {
  const resource = objectArn(bucket, key)
  const remove = { action: 's3:DeleteObject', resource }
  return isConditional ? [remove, { action: 's3:GetObject', resource }] : [remove]
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

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
function sourceAccess(headers: IncomingHttpHeaders): readonly Access[] {
  const source = copySource(headers)
  return source === undefined ? [] : [{ action: 's3:GetObject', resource: `arn:aws:s3:::${source}` }]
}

/** `bucket/key` of a copy's source; undefined for none, or one that S3 refuses. */
export function copySource(headers: IncomingHttpHeaders): string | undefined {
  if (headers['x-amz-copy-source'] === undefined) return undefined
  try {
    return decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\//, '')
  } catch {
    return undefined
  }
}
