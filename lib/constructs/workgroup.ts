import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { ATHENA_RESULTS, PROCESSED, REPLACEMENTS, REJECTED, s3Uri, STAGING } from '../../core/layout.ts'
import type { Catalog } from './catalog.ts'
import type { Storage } from './storage.ts'

/** Name of the Athena workgroup, the resources that its queries read, and their limit. */
export interface WorkgroupProps {
  readonly name: string
  readonly storage: Storage
  readonly catalog: Catalog
  /** ARN of the KMS key that encrypts results; undefined: S3's own keys. */
  readonly kmsKeyArn: string | undefined
  /** Bytes after which Athena stops a query; undefined: no limit. */
  readonly bytesScannedCutoffPerQuery: number | undefined
}

/**
 * The Athena workgroup in which Verify and the command line run their queries. Results go to the data bucket,
 * encrypted, and expire.
 */
export class Workgroup extends Construct {
  /** Name of the workgroup. */
  readonly name: string
  private readonly storage: Storage
  private readonly catalog: Catalog

  constructor(scope: Construct, id: string, props: WorkgroupProps) {
    super(scope, id)
    const { name, storage, catalog, kmsKeyArn, bytesScannedCutoffPerQuery } = props
    this.name = name
    this.storage = storage
    this.catalog = catalog
    new CfnWorkGroup(this, 'Resource', {
      name,
      description: "Queries over Dayfold's tables.",
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        ...(bytesScannedCutoffPerQuery !== undefined && { bytesScannedCutoffPerQuery }),
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: s3Uri(storage.data.bucketName, ATHENA_RESULTS),
          encryptionConfiguration: kmsKeyArn
            ? { encryptionOption: 'SSE_KMS', kmsKey: kmsKeyArn }
            : { encryptionOption: 'SSE_S3' },
        },
      },
    })
  }

  /** Lets `grantee` query the tables. Athena reads and writes S3 and Glue with the permissions of the caller. */
  grantQuery(grantee: IGrantable): void {
    const resourceArns = [
      Stack.of(this).formatArn({ service: 'athena', resource: 'workgroup', resourceName: this.name }),
    ]
    const actions = ['StartQueryExecution', 'StopQueryExecution', 'GetQueryExecution', 'GetQueryResults']
    Grant.addToPrincipal({ grantee, actions: actions.map((action) => `athena:${action}`), resourceArns })
    this.catalog.grantQuery(grantee)
    this.storage.grantList(grantee)
    this.storage.grantLocate(grantee)
    // In 0.1.0 a partition points to its staged files while it is replaced.
    this.storage.grant(grantee, 'read', PROCESSED, REPLACEMENTS, REJECTED, STAGING, ATHENA_RESULTS)
    this.storage.grant(grantee, 'write', ATHENA_RESULTS)
  }
}
