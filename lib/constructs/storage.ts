import { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type IBucket,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { ATHENA_RESULTS, RUNS, STAGING } from '../../core/layout.ts'
import { acknowledge } from './acknowledge.ts'

export interface StorageProps {
  readonly rawBucketName: string
  /** Prefix of each dataset in the raw bucket, without a slash at its end; empty: the whole bucket. */
  readonly rawPrefixes: readonly string[]
  /** KMS key of the raw bucket; undefined: none is needed to read it. */
  readonly rawKeyArn: string | undefined
  /** Days that replaced and deleted objects can be restored. */
  readonly noncurrentVersionDays: number
  /** Days that staged files, the records of runs and query results are kept. */
  readonly stagingDays: number
}

const ACTIONS = {
  read: ['s3:GetObject'],
  // A multipart upload that fails is aborted.
  write: ['s3:PutObject', 's3:AbortMultipartUpload'],
  delete: ['s3:DeleteObject'],
} as const

/** The raw bucket, which is only read, and the data bucket, which holds everything that Dayfold makes. */
export class Storage extends Construct {
  readonly data: IBucket
  readonly raw: IBucket
  private readonly rawKeyArn: string | undefined
  /** Patterns of the keys of all raw files. */
  private readonly rawKeys: readonly string[]

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id)
    this.rawKeyArn = props.rawKeyArn
    this.rawKeys = rawKeys(props.rawPrefixes)
    this.raw = Bucket.fromBucketName(this, 'Raw', props.rawBucketName)
    const data = new Bucket(this, 'Data', {
      // S3's own keys: encrypted at rest without a key policy to keep in step with every reader, or a price a request.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: lifecycleRules(props),
    })
    acknowledge(data, {
      'AwsSolutions-S1':
        'Access logs of a bucket that tens of thousands of requests a day reach cost more than they tell: whoever ' +
        'needs an audit trail turns on CloudTrail data events for the account.',
    })
    this.data = data
  }

  /** Lets `grantee` list the data bucket: S3 answers 403 instead of 404 for a missing key without it. */
  grantList(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.data.bucketArn],
    })
  }

  /** Lets `grantee` ask where the data bucket is, as Athena and Glue do in its name before they use it. */
  grantLocate(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetBucketLocation'],
      resourceArns: [this.data.bucketArn],
    })
  }

  /** Lets `grantee` do `access` to the objects under the prefixes of the data bucket. */
  grant(grantee: IGrantable, access: keyof typeof ACTIONS, ...prefixes: readonly string[]): void {
    this.grantKeys(grantee, access, ...prefixes.map((prefix) => `${prefix}*`))
  }

  /** Lets `grantee` read what objects under a prefix of the data bucket were before they were replaced or deleted. */
  grantReadVersions(grantee: IGrantable, prefix: string): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucketVersions'],
      resourceArns: [this.data.bucketArn],
    })
    const resourceArns = [this.data.arnForObjects(`${prefix}*`)]
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObjectVersion'], resourceArns })
  }

  /** Lets `grantee` do `access` to the objects of the data bucket whose whole key is one of `keys`; `*` is any text. */
  grantKeys(grantee: IGrantable, access: keyof typeof ACTIONS, ...keys: readonly string[]): void {
    const resourceArns = keys.map((key) => this.data.arnForObjects(key))
    Grant.addToPrincipal({ grantee, actions: [...ACTIONS[access]], resourceArns })
  }

  /** Lets `grantee` list the raw files of the datasets. */
  grantListRawDays(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.raw.bucketArn],
      conditions: { StringLike: { 's3:prefix': this.rawKeys } },
    })
  }

  /**
   * Lets `grantee` read the raw files of the datasets, and be told 404 for one that has gone: S3 answers 403 to whoever
   * may not list the bucket. A condition on `s3:prefix` would bring that 403 back, since reading an object names none.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  grantReadRaw(grantee: IGrantable): void {
    const resourceArns = this.rawKeys.map((keys) => this.raw.arnForObjects(keys))
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns })
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.raw.bucketArn] })
    if (this.rawKeyArn === undefined) return
    Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt'], resourceArns: [this.rawKeyArn] })
  }
}

function rawKeys(prefixes: readonly string[]): string[] {
  return prefixes.includes('') ? ['*'] : [...new Set(prefixes)].map((prefix) => `${prefix}/*`)
}

function lifecycleRules({ noncurrentVersionDays, stagingDays }: StorageProps): LifecycleRule[] {
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
