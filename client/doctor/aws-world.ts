import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { GlueClient } from '@aws-sdk/client-glue'
import type { KMSClient } from '@aws-sdk/client-kms'
import type { LakeFormationClient } from '@aws-sdk/client-lakeformation'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { S3Client } from '@aws-sdk/client-s3'
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import type { SFNClient } from '@aws-sdk/client-sfn'
import type { SSMClient } from '@aws-sdk/client-ssm'
import type { STSClient } from '@aws-sdk/client-sts'
import type { DeploymentPlan } from './plan.ts'

/** SDK clients for the checks of an account. All belong to the same region. */
export interface DoctorClients {
  readonly cloudFormation: CloudFormationClient
  readonly ec2: EC2Client
  readonly glue: GlueClient
  readonly kms: KMSClient
  readonly lakeFormation: LakeFormationClient
  readonly lambda: LambdaClient
  /** Follows redirects to a bucket's region. */
  readonly s3: S3Client
  readonly serviceQuotas: ServiceQuotasClient
  readonly sfn: SFNClient
  readonly ssm: SSMClient
  readonly sts: STSClient
}

/** Account and region that the deployment is to go to. */
export interface Place {
  readonly account: string
  readonly region: string
  /** Group of AWS regions, as in ARNs: `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string
}

/** A CloudFormation stack that exists in the account. */
export interface DeployedStack {
  /** Status of the stack, such as `UPDATE_COMPLETE`. */
  readonly status: string
  /** Values of its outputs, by name. */
  readonly outputs: ReadonlyMap<string, string>
}

/** The planned deployment and the account, as the checks of an account see them. */
export interface AwsWorld {
  readonly plan: DeploymentPlan
  readonly clients: DoctorClients
  /** Account and region that the deployment is to go to. */
  readonly place: Place
  /** Those of the deployment's two stacks (pipeline and data) that exist, by name. */
  readonly stacks: ReadonlyMap<string, DeployedStack>
  /** Present time, from which the recent days follow. */
  readonly now: Date
}

/** True if the pipeline's stack exists, so that the next deployment updates it. */
export const isDeployed = ({ stacks, plan }: AwsWorld) => stacks.has(plan.name)
