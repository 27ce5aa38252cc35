import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { rawKeyPatterns } from './raw-keys.ts'

/** Names and KMS keys of the data bucket and the raw bucket, and the prefixes of raw files. */
export interface StorageProps {
  readonly dataBucketName: string
  /** ARN of the data bucket's KMS key; undefined if none is needed to use it. */
  readonly kmsKeyArn: string | undefined
  readonly rawBucketName: string
  /** Prefix of each dataset in the raw bucket, without a slash at the end; empty: the whole bucket. */
  readonly rawPrefixes: readonly string[]
  /** ARN of the raw bucket's KMS key; undefined if none is needed to read it. */
  readonly rawKeyArn: string | undefined
}

const ACTIONS = {
  read: ['s3:GetObject'],
  // A failed multipart upload is aborted.
  write: ['s3:PutObject', 's3:AbortMultipartUpload'],
  delete: ['s3:DeleteObject'],
} as const

/**
 * Actions on the KMS key for each access to objects. Parts of a multipart upload are read again, so that writing
 * decrypts too.
 */
const KEY_ACTIONS = {
  read: ['kms:Decrypt'],
  write: ['kms:GenerateDataKey', 'kms:Decrypt'],
  delete: [],
} as const

/**
 * The raw bucket, which is only read, and the data bucket, which holds everything that Dayfold writes. Both are known
 * by name and belong to other stacks.
 */
export class Storage extends Construct {
  /** The data bucket. */
  readonly data: IBucket
  /** The raw bucket. */
  readonly raw: IBucket
  private readonly props: StorageProps
  /** Patterns of the keys of all raw files. */
  private readonly rawKeys: readonly string[]

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id)
    this.props = props
    this.rawKeys = rawKeyPatterns(props.rawPrefixes)
    this.raw = Bucket.fromBucketName(this, 'Raw', props.rawBucketName)
    this.data = Bucket.fromBucketName(this, 'Data', props.dataBucketName)
  }

  /** Lets `grantee` list the data bucket: without that, S3 answers 403 instead of 404 for a missing key. */
  grantList(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.data.bucketArn],
    })
  }

  /**
   * Lets `grantee` ask for the region of the data bucket, as Athena and Glue do with its permissions before they use
   * it.
   */
  grantLocate(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetBucketLocation'],
      resourceArns: [this.data.bucketArn],
    })
  }

  /** Grants `access` to the objects under prefixes of the data bucket. */
  grant(grantee: IGrantable, access: keyof typeof ACTIONS, ...prefixes: readonly string[]): void {
    this.grantKeys(grantee, access, ...prefixes.map((prefix) => `${prefix}*`))
  }

  /** Lets `grantee` read older versions of the objects under a prefix of the data bucket. */
  grantReadVersions(grantee: IGrantable, prefix: string): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucketVersions'],
      resourceArns: [this.data.bucketArn],
    })
    const resourceArns = [this.data.arnForObjects(`${prefix}*`)]
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObjectVersion'], resourceArns })
    this.grantKey(grantee, 'read')
  }

  /** Grants `access` to the objects of the data bucket with these keys; `*` is any text. */
  grantKeys(grantee: IGrantable, access: keyof typeof ACTIONS, ...keys: readonly string[]): void {
    const resourceArns = keys.map((key) => this.data.arnForObjects(key))
    Grant.addToPrincipal({ grantee, actions: [...ACTIONS[access]], resourceArns })
    this.grantKey(grantee, access)
  }

  /** Lets `grantee` use the data bucket's KMS key, if it has one, as `access` to its objects requires. */
  grantKey(grantee: IGrantable, access: keyof typeof ACTIONS): void {
    const { kmsKeyArn } = this.props
    if (kmsKeyArn === undefined || KEY_ACTIONS[access].length === 0) return
    Grant.addToPrincipal({ grantee, actions: [...KEY_ACTIONS[access]], resourceArns: [kmsKeyArn] })
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
   * Lets `grantee` read the raw files of the datasets and see 404 for a missing one: S3 answers 403 without the
   * permission to list the bucket. A condition on `s3:prefix` would bring the 403 back, since reading an object names
   * no prefix.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  grantReadRaw(grantee: IGrantable): void {
    const resourceArns = this.rawKeys.map((keys) => this.raw.arnForObjects(keys))
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns })
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.raw.bucketArn] })
    const { rawKeyArn } = this.props
    if (rawKeyArn === undefined) return
    Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt'], resourceArns: [rawKeyArn] })
  }
}
