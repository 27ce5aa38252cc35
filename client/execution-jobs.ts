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

/** A processing job that an execution has started, with its billed time. */
export interface JobTime {
  readonly name: string
  readonly instanceType: string
  /** Billed seconds: from the start on its instance to the job's end, or to now; 0 before it has an instance. */
  readonly seconds: number
  /** True if the job has not ended. */
  readonly isRunning: boolean
}

/** Deployment and time span in which {@link jobsOf} searches. */
export interface JobsOfOptions {
  /** Name of the deployment, with which its jobs' names begin. */
  readonly deployment: string
  /** Start of the execution. Earlier jobs are not looked at. */
  readonly since: Date
  /** Present time, the end of running jobs. */
  readonly now: Date
}

/** DescribeProcessingJob is throttled sooner than S3. */
const DESCRIBES_AT_ONCE = 4

/**
 * Lists the processing jobs that an execution has started so far, including failed ones, in no particular order. A job
 * is billed for the time between the start and the end in DescribeProcessingJob's answer.
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

/** A job's arguments contain the key of its work order, which lies below the execution's name. */
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
 * Returns the instance type of a dataset's newest job; undefined if the deployment has none among the newest 100 jobs
 * with the dataset in their names.
 *
 * @param deployment name of the deployment
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
