import type { RawPlace } from '../../core/layout.ts'

/** The planned deployment, reduced to what the checks of an account need. */
export interface DeploymentPlan {
  /** Prefix of all names, and name of the pipeline's stack. */
  readonly name: string
  /** Undefined if the configuration still has the placeholder. */
  readonly rawBucket: string | undefined
  /** Name of the data bucket. @default `<name>-data-<account>-<region>` */
  readonly dataBucket?: string | undefined
  /** Name of the Glue database. */
  readonly database: string
  readonly datasets: readonly PlannedDataset[]
  /** Maximum number of dataset-days at once. */
  readonly maxConcurrency: number
  /** Subnets of the jobs; empty for SageMaker's own network. */
  readonly subnetIds: readonly string[]
  /** Security groups of the jobs; empty for SageMaker's own network. */
  readonly securityGroupIds: readonly string[]
  /** ARN of the raw bucket's KMS key. @default none */
  readonly rawKeyArn?: string | undefined
  /** ARN of the KMS key for the deployed resources. @default none */
  readonly kmsKeyArn?: string | undefined
  /** URI of an existing container image in ECR. @default the image is built with Docker */
  readonly imageUri?: string | undefined
  /** Address that alarms are sent to. @default nobody receives alarms */
  readonly alarmEmail?: string | undefined
  /** Qualifier of CDK's bootstrap stack, a part of its resources' names. */
  readonly qualifier: string
}

/** A dataset's raw prefix, and the instances that its jobs need. */
export interface PlannedDataset extends RawPlace {
  readonly name: string
  /** IANA zone of the days in the raw prefix. */
  readonly timeZone: string
  /** SageMaker instance type of the dataset's jobs. */
  readonly instanceType: string
  /** Maximum number of the dataset's jobs at once. @default that of the deployment */
  readonly maxConcurrency?: number | undefined
}

/**
 * Qualifier that CDK uses unless the context names another.
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
 */
export const DEFAULT_QUALIFIER = 'hnb659fds'

/** Returns, for each instance type, the maximum number of jobs that the planned deployment may run at once. */
export function jobsByInstance({ datasets, maxConcurrency }: DeploymentPlan): Map<string, number> {
  const jobs = new Map<string, number>()
  for (const { instanceType, maxConcurrency: own = maxConcurrency } of datasets)
    jobs.set(instanceType, Math.min(maxConcurrency, (jobs.get(instanceType) ?? 0) + own))
  return jobs
}
