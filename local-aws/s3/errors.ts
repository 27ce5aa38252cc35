import { AwsError } from '../protocol/aws-error.ts'

/** Returns the error for an object that does not exist. */
export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', `The specified key does not exist: "${key}".`, 404)
}

/** Returns the error for a bucket that does not exist. */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError('NoSuchBucket', `The specified bucket does not exist: "${bucket}".`, 404)
}

/** Returns the error for a text that S3 does not allow as a bucket's name. */
export function invalidBucketName(name: string): AwsError {
  return new AwsError(
    'InvalidBucketName',
    `Bucket: expected 3 to 63 of a-z, 0-9, "." and "-", found "${name}".`,
  )
}
