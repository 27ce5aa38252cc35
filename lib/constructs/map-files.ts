import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { ResultWriterV2, S3JsonItemReader } from 'aws-cdk-lib/aws-stepfunctions'
import { RUNS } from '../../core/layout.ts'

/**
 * Lets a Map read its items from a key below `runs/` of the data bucket. It grants nothing else; CDK's own reader
 * grants the whole bucket.
 */
export class RunItemReader extends S3JsonItemReader {
  constructor(data: IBucket, key: string) {
    super({ bucket: data, key })
  }

  override providePolicyStatements(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects(`${RUNS}*`)] }),
    ]
  }
}

/** Lets a Map write its results below `runs/` of the data bucket, and grants nothing else. */
export class RunResultWriter extends ResultWriterV2 {
  private readonly data: IBucket

  constructor(data: IBucket, prefix: string) {
    super({ bucket: data, prefix })
    this.data = data
  }

  override providePolicyStatements(): PolicyStatement[] {
    // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    const actions = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload']
    return [new PolicyStatement({ actions, resources: [this.data.arnForObjects(`${RUNS}*`)] })]
  }
}
