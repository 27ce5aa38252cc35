import { Key } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3'
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { ATHENA_RESULTS, RUNS, STAGING } from '../../core/layout.ts'
import { acknowledge } from './acknowledge.ts'

/** Name and KMS key of the data bucket, and how long its objects are kept. */
export interface DataBucketProps {
  readonly bucketName: string
  /** ARN of the KMS key that encrypts its objects; undefined: S3's own keys. */
  readonly kmsKeyArn: string | undefined
  /** Days for which replaced and deleted objects can be restored. */
  readonly noncurrentVersionDays: number
  /** Days for which staged files, documents of executions and query results are kept. */
  readonly stagingDays: number
}

/**
 * The bucket of everything that Dayfold writes. It is kept when its stack is deleted, except after a failed first
 * deployment, which leaves nothing behind.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export class DataBucket extends Construct {
  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id)
    const bucket = new Bucket(this, 'Resource', {
      bucketName: props.bucketName,
      ...encryption(this, props.kmsKeyArn),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: lifecycleRules(props),
    })
    acknowledge(bucket, {
      'AwsSolutions-S1':
        'Access logs of a bucket that tens of thousands of requests a day reach cost more than they tell: whoever ' +
        'needs an audit trail turns on CloudTrail data events for the account.',
    })
  }
}

/**
 * S3's own keys need no key policy that has to know every reader, and cost nothing per request. With another key, a
 * bucket key keeps that cost low. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
function encryption(scope: Construct, kmsKeyArn: string | undefined) {
  if (kmsKeyArn === undefined) return { encryption: BucketEncryption.S3_MANAGED }
  return {
    encryption: BucketEncryption.KMS,
    encryptionKey: Key.fromKeyArn(scope, 'Key', kmsKeyArn),
    bucketKeyEnabled: true,
  }
}

function lifecycleRules({ noncurrentVersionDays, stagingDays }: DataBucketProps): LifecycleRule[] {
  const expiring = [STAGING, RUNS, ATHENA_RESULTS].map((prefix) => ({
    id: `expire-${prefix.slice(0, -1)}`,
    prefix,
    expiration: Duration.days(stagingDays),
    noncurrentVersionExpiration: Duration.days(1),
  }))
  return [
    ...expiring,
    {
      id: 'expire-noncurrent-versions',
      noncurrentVersionExpiration: Duration.days(noncurrentVersionDays),
      expiredObjectDeleteMarker: true,
      abortIncompleteMultipartUploadAfter: Duration.days(2),
    },
  ]
}
