import { AwsError } from '../protocol/aws-error.ts'

/** Returns S3's error NoSuchKey, status 404, for an object that does not exist. */
export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', `The specified key does not exist: "${key}".`, 404)
}

/** Returns S3's error NoSuchBucket, status 404, for a bucket that does not exist. */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError('NoSuchBucket', `The specified bucket does not exist: "${bucket}".`, 404)
}

/** Returns S3's error InvalidBucketName, status 400, for a text that cannot be the name of a bucket. */
export function invalidBucketName(name: string): AwsError {
  return new AwsError(
    'InvalidBucketName',
    `Bucket: expected 3 to 63 of a-z, 0-9, "." and "-", found "${name}".`,
  )
}
