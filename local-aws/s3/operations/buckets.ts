import { mkdirSync } from 'node:fs'
import { CreateBucketCommand, HeadBucketCommand } from '@aws-sdk/client-s3'
import { bucketArn, listAccess } from '../accesses.ts'
import { s3Operation } from '../operation.ts'

/**
 * Serves HeadBucket, which tells if a bucket exists. Every bucket appears to be in us-east-1.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export const headBucket = s3Operation(HeadBucketCommand, {
  served: {},
  accesses: ({ Bucket }) => [listAccess(Bucket)],
  run: () => ({ BucketRegion: 'us-east-1' }),
})

/**
 * Serves CreateBucket. It succeeds for a bucket that exists already, and accepts any region.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export const createBucket = s3Operation(CreateBucketCommand, {
  served: { CreateBucketConfiguration: { LocationConstraint: true } },
  accesses: ({ Bucket }) => [{ action: 's3:CreateBucket', resource: bucketArn(Bucket) }],
  run({ Bucket }, { store }) {
    mkdirSync(store.tree.bucketPath(Bucket), { recursive: true })
    return { Location: `/${Bucket}` }
  },
})
