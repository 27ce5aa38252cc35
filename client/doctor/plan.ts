import type { RawPlace } from '../../core/layout.ts'

/** The planned deployment, as far as the account matters to it. */
export interface DeploymentPlan {
  /** Prefix of all names, and name of the pipeline's stack. */
  readonly name: string
  /** Undefined if the configuration still has the placeholder. */
  readonly rawBucket: string | undefined
  /** @default `<name>-data-<account>-<region>` */
  readonly dataBucket?: string | undefined
  /** Name of the Glue database. */
  readonly database: string
  readonly datasets: readonly PlannedDataset[]
  /** Most dataset-days at once. */
  readonly maxConcurrency: number
  readonly subnetIds: readonly string[]
  readonly securityGroupIds: readonly string[]
  /** KMS key of the raw bucket. @default none */
  readonly rawKeyArn?: string | undefined
  /** KMS key of the deployed resources. @default none */
  readonly kmsKeyArn?: string | undefined
  /** An existing image. @default it is built with Docker */
  readonly imageUri?: string | undefined
  /** @default nobody receives alarms */
  readonly alarmEmail?: string | undefined
  /** Qualifier in the names of the bootstrap stack's resources. */
  readonly qualifier: string
}

/** A dataset's raw prefix and the needs of its jobs. */
export interface PlannedDataset extends RawPlace {
  readonly name: string
  /** IANA zone of the days in the raw prefix. */
  readonly timeZone: string
  readonly instanceType: string
  /** Most jobs of the dataset at once. @default that of the deployment */
  readonly maxConcurrency?: number | undefined
}

/**
 * Qualifier that CDK uses unless the context names another.
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
 */
export const DEFAULT_QUALIFIER = 'hnb659fds'

/** Returns the most jobs that can run at once on each instance type. */
export function jobsByInstance({ datasets, maxConcurrency }: DeploymentPlan): Map<string, number> {
  const jobs = new Map<string, number>()
  for (const { instanceType, maxConcurrency: own = maxConcurrency } of datasets)
    jobs.set(instanceType, Math.min(maxConcurrency, (jobs.get(instanceType) ?? 0) + own))
  return jobs
}
