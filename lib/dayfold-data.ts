import { Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { DataBucket } from './constructs/data-bucket.ts'
import { refuseOversize } from './constructs/size-limits.ts'
import { checkStackRegion } from './constructs/stack-region.ts'
import { Tables } from './constructs/tables.ts'
import { dataBucketOf } from './data-bucket-name.ts'
import type { DayfoldOptions } from './dayfold-options.ts'
import { releaseOf, type Release } from './release.ts'

/** Options of the configuration, or a release that {@link prepareRelease} has made of them. */
export type DayfoldProps = DayfoldOptions | { readonly release: Release }

/**
 * The data bucket, the database and its tables, which stay when the pipeline is deleted. Put it into a stack of its
 * own, deployed before the pipeline's, with the same options.
 */
export class DayfoldData extends Construct {
  /**
   * @throws DayfoldError InvalidConfiguration for an option that is not allowed
   * @throws DayfoldError InvalidDataset for datasets that cannot be bundled
   */
  constructor(scope: Construct, id: string, props: DayfoldProps) {
    super(scope, id)
    const { config, deployment } = 'release' in props ? props.release : releaseOf(props)
    checkStackRegion(this, config)
    const bucketName = dataBucketOf(config)
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
    refuseOversize(Stack.of(this))
  }
}
