import type { AthenaClient } from '@aws-sdk/client-athena'
import type { GlueClient } from '@aws-sdk/client-glue'
import type { SageMakerClient } from '@aws-sdk/client-sagemaker'
import type { S3Client } from '@aws-sdk/client-s3'
import type { SFNClient } from '@aws-sdk/client-sfn'
import type { Bucket } from '../aws/objects.ts'
import type { DeployedDataset } from '../core/deployment.ts'
import type { RawPlace } from '../core/layout.ts'

/** The SDK clients that reach a deployment. */
export interface TargetClients {
  readonly s3: S3Client
  readonly sfn: SFNClient
  readonly athena: AthenaClient
  readonly glue: GlueClient
  readonly sagemaker: SageMakerClient
}

/** What a client needs to know of a dataset. Where its raw data lies is known on this machine only: no catalog has it. */
export type TargetDataset = Pick<DeployedDataset, 'name' | 'columns' | 'timeZone' | 'lookbackDays'> &
  Partial<RawPlace>

/** What a client needs to know of a deployment, whether it is in an account or on this machine. */
export interface Target {
  /** Begins all names of the deployment. */
  readonly name: string
  readonly dataBucket: string
  /** @default a deployment of an older version does not say */
  readonly rawBucket?: string | undefined
  readonly stateMachineArn: string
  /** Glue database of the tables. */
  readonly database: string
  /** Athena workgroup that queries run in. */
  readonly workgroup: string
  readonly datasets: readonly TargetDataset[]
  readonly clients: TargetClients
}

/** The data bucket of a deployment. */
export function dataOf({ clients, dataBucket }: Target): Bucket {
  return { s3: clients.s3, name: dataBucket }
}
