import { Stack, type StackProps } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { Deployment } from '../core/deployment.ts'
import type { Config } from './config.ts'
import { DataBucket } from './constructs/data-bucket.ts'
import { refuseOversize } from './constructs/size-limits.ts'
import { Tables } from './constructs/tables.ts'
import { dataBucketName } from './data-bucket-name.ts'

export interface DataStackProps extends StackProps {
  readonly config: Config
  readonly deployment: Deployment
}

/** What stays when the pipeline goes: the data bucket, the database and its tables. */
export class DataStack extends Stack {
  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, {
      description: "Dayfold's data: the bucket, the database and its tables.",
      suppressTemplateIndentation: true,
      ...props,
    })
    const { config, deployment } = props
    const bucketName = dataBucketName(config)
    new DataBucket(this, 'Data', {
      bucketName,
      kmsKeyArn: config.kmsKeyArn,
      noncurrentVersionDays: config.noncurrentVersionDays,
      stagingDays: config.stagingDays,
    })
    new Tables(this, 'Tables', {
      database: config.database,
      datasets: deployment.datasets,
      dataBucketName: bucketName,
    })
    refuseOversize(this)
  }
}
