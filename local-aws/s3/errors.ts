import { AwsError } from '../protocol/aws-error.ts'

/** The error for an object that is not there. */
export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', `The specified key does not exist: "${key}".`, 404)
}

/** The error for a bucket that is not there. */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError('NoSuchBucket', `The specified bucket does not exist: "${bucket}".`, 404)
}

/** The error for a text that no bucket can have as its name. */
export function invalidBucketName(name: string): AwsError {
  return new AwsError(
    'InvalidBucketName',
    `Bucket: expected 3 to 63 of a-z, 0-9, "." and "-", found "${name}".`,
  )
}
