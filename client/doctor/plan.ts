import type { RawPlace } from '../../core/layout.ts'

/** What is to be deployed, as far as the account has a say in it. */
export interface DeploymentPlan {
  /** Begins all names, and names the stacks. */
  readonly name: string
  /** Undefined where the configuration still holds the placeholder. */
  readonly rawBucket: string | undefined
  /** @default `<name>-data-<account>-<region>` */
  readonly dataBucket?: string | undefined
  /** Glue database. */
  readonly database: string
  readonly datasets: readonly PlannedDataset[]
  /** Dataset-days at once. */
  readonly maxConcurrency: number
  readonly subnetIds: readonly string[]
  readonly securityGroupIds: readonly string[]
  /** KMS key of the raw bucket. @default none */
  readonly rawKeyArn?: string | undefined
  /** KMS key of what is deployed. @default none */
  readonly kmsKeyArn?: string | undefined
  /** Image that is there already. @default it is built with Docker */
  readonly imageUri?: string | undefined
  /** @default nobody is told of alarms */
  readonly alarmEmail?: string | undefined
  /** Of the bootstrap stack's names. */
  readonly qualifier: string
}

/** Where a dataset's raw data lies and what its jobs need. */
export interface PlannedDataset extends RawPlace {
  readonly name: string
  /** IANA zone of the raw prefix's days. */
  readonly timeZone: string
  readonly instanceType: string
  /** Jobs of the dataset at once. @default that of the deployment */
  readonly maxConcurrency?: number | undefined
}

/** CDK's own, unless the context names another. https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
export const DEFAULT_QUALIFIER = 'hnb659fds'

/** Most jobs that run at once on each type of instance. */
export function jobsByInstance({ datasets, maxConcurrency }: DeploymentPlan): Map<string, number> {
  const jobs = new Map<string, number>()
  for (const { instanceType, maxConcurrency: own = maxConcurrency } of datasets)
    jobs.set(instanceType, Math.min(maxConcurrency, (jobs.get(instanceType) ?? 0) + own))
  return jobs
}
