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

/** The SDK clients of the checks, all of one region. */
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

/** The account and region to deploy to. */
export interface Place {
  readonly account: string
  readonly region: string
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string
}

/** An existing CloudFormation stack. */
export interface DeployedStack {
  readonly status: string
  readonly outputs: ReadonlyMap<string, string>
}

/** Everything that a check may look at. */
export interface AwsWorld {
  readonly plan: DeploymentPlan
  readonly clients: DoctorClients
  readonly place: Place
  /** The existing ones of the pipeline's stack and the data stack, by name. */
  readonly stacks: ReadonlyMap<string, DeployedStack>
  readonly now: Date
}

/** True if a deployment exists that the next one would update. */
export const isDeployed = ({ stacks, plan }: AwsWorld) => stacks.has(plan.name)
