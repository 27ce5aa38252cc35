import { mkdirSync } from 'node:fs'
import { AwsError } from '../../protocol/aws-error.ts'
import { sendEmpty } from '../answers.ts'
import { noSuchBucket } from '../errors.ts'
import type { Operation } from '../operation.ts'
import { isBucketName } from '../storage/tree.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: Operation = ({ store, bucket, response }) => {
  if (!store.tree.hasBucket(bucket)) throw noSuchBucket(bucket)
  sendEmpty(response, 200, { 'x-amz-bucket-region': 'us-east-1' })
}

/** A bucket that exists is the caller's own: no error. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const createBucket: Operation = ({ store, bucket, response }) => {
  if (!isBucketName(bucket)) {
    throw new AwsError(
      'InvalidBucketName',
      `Bucket: expected 3 to 63 of a-z, 0-9, "." and "-", found "${bucket}".`,
    )
  }
  mkdirSync(store.tree.bucketPath(bucket), { recursive: true })
  sendEmpty(response, 200, { Location: `/${bucket}` })
}
