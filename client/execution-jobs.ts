import {
  DescribeProcessingJobCommand,
  ListProcessingJobsCommand,
  paginateListProcessingJobs,
  type DescribeProcessingJobCommandOutput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker'
import { inParallel } from '../aws/in-parallel.ts'
import { runPrefix } from '../core/layout.ts'
import type { ExecutionRef } from '../core/messages.ts'

/** A job of an execution. */
export interface JobTime {
  readonly name: string
  readonly instanceType: string
  /** From the start on its instance to its end, or to now: what is billed. 0 while it has no instance. */
  readonly seconds: number
  /** Whether it is still there to be stopped. */
  readonly isRunning: boolean
}

export interface JobsOfOptions {
  /** Begins the names of the deployment's jobs. */
  readonly deployment: string
  /** When the execution was started. */
  readonly since: Date
  readonly now: Date
}

/** DescribeProcessingJob is throttled sooner than S3. */
const DESCRIBES_AT_ONCE = 4

/**
 * The jobs that an execution has started so far, failed ones among them. What is billed of a job is the time between the
 * two that DescribeProcessingJob tells.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html
 */
export async function jobsOf(
  sagemaker: SageMakerClient,
  execution: ExecutionRef,
  { deployment, since, now }: JobsOfOptions,
): Promise<JobTime[]> {
  const names: string[] = []
  const request = { NameContains: `${deployment}-`, CreationTimeAfter: since }
  for await (const page of paginateListProcessingJobs({ client: sagemaker }, request)) {
    for (const { ProcessingJobName: name = '' } of page.ProcessingJobSummaries ?? [])
      if (name.startsWith(`${deployment}-`)) names.push(name)
  }
  const jobs = await inParallel(
    names,
    (ProcessingJobName) => sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName })),
    DESCRIBES_AT_ONCE,
  )
  return jobs.filter((job) => isOf(execution, job)).map((job) => jobTime(job, now))
}

/** A job is told where its order lies, and that is below the execution's name. */
function isOf({ name }: ExecutionRef, { AppSpecification }: DescribeProcessingJobCommandOutput): boolean {
  return AppSpecification?.ContainerArguments?.some((argument) => argument.includes(runPrefix(name))) ?? false
}

function jobTime(job: DescribeProcessingJobCommandOutput, now: Date): JobTime {
  const { ProcessingStartTime: start, ProcessingEndTime: end = now, ProcessingJobStatus: status } = job
  return {
    name: job.ProcessingJobName!,
    instanceType: job.ProcessingResources?.ClusterConfig?.InstanceType ?? '',
    seconds: start ? Math.max(0, (end.getTime() - start.getTime()) / 1000) : 0,
    isRunning: status === 'InProgress' || status === 'Stopping',
  }
}

/**
 * The type of instance that a dataset's jobs ran on last; undefined where there was none yet.
 *
 * @param dataset as it stands in names of jobs
 */
export async function lastInstance(
  sagemaker: SageMakerClient,
  deployment: string,
  dataset: string,
): Promise<string | undefined> {
  const NameContains = dataset.replaceAll('_', '-')
  const request = { NameContains, SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 100 } as const
  const isOwn = new RegExp(`^${deployment}--?${NameContains}-\\d{8}-`)
  const { ProcessingJobSummaries: jobs = [] } = await sagemaker.send(new ListProcessingJobsCommand(request))
  const last = jobs.find(({ ProcessingJobName }) => isOwn.test(ProcessingJobName ?? ''))
  if (!last) return undefined
  const job = await sagemaker.send(
    new DescribeProcessingJobCommand({ ProcessingJobName: last.ProcessingJobName }),
  )
  return job.ProcessingResources?.ClusterConfig?.InstanceType
}
