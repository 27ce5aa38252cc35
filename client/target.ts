import type { AthenaClient } from '@aws-sdk/client-athena'
import type { GlueClient } from '@aws-sdk/client-glue'
import type { SageMakerClient } from '@aws-sdk/client-sagemaker'
import type { S3Client } from '@aws-sdk/client-s3'
import type { SFNClient } from '@aws-sdk/client-sfn'
import type { Bucket } from '../aws/objects.ts'
import type { DeployedDataset } from '../core/deployment.ts'
import type { RawPlace } from '../core/layout.ts'

/** SDK clients that reach a deployment, in an account or on this machine. */
export interface TargetClients {
  readonly s3: S3Client
  readonly sfn: SFNClient
  readonly athena: AthenaClient
  readonly glue: GlueClient
  readonly sagemaker: SageMakerClient
}

/**
 * A dataset as a client knows it. Where its raw files lie is known on this machine only, because no catalog holds it.
 */
export type TargetDataset = Pick<DeployedDataset, 'name' | 'columns' | 'timeZone' | 'lookbackDays'> &
  Partial<RawPlace>

/** A deployment as a client reaches it, in an account or on this machine. */
export interface Target {
  /** Prefix of all names of the deployment. */
  readonly name: string
  /** Name of the data bucket. */
  readonly dataBucket: string
  /** Name of the raw bucket. @default unknown, in a deployment of an older version */
  readonly rawBucket?: string | undefined
  readonly stateMachineArn: string
  /** Glue database of the tables. */
  readonly database: string
  /** Athena workgroup for queries. */
  readonly workgroup: string
  readonly datasets: readonly TargetDataset[]
  readonly clients: TargetClients
}

/** Returns the data bucket of a deployment, to read and write objects. */
export function dataOf({ clients, dataBucket }: Target): Bucket {
  return { s3: clients.s3, name: dataBucket }
}
