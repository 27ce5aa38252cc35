import { mkdirSync } from 'node:fs'
import { sendEmpty } from '../answers.ts'
import type { Operation } from '../operation.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: Operation = ({ response }) => {
  sendEmpty(response, 200, { 'x-amz-bucket-region': 'us-east-1' })
}

/** A bucket that exists is the caller's own: no error. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const createBucket: Operation = ({ store, bucket, response }) => {
  mkdirSync(store.tree.bucketPath(bucket), { recursive: true })
  sendEmpty(response, 200, { Location: `/${bucket}` })
}
