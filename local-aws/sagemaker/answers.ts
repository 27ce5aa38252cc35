import type { DescribeProcessingJobResponse, ProcessingJobSummary } from '@aws-sdk/client-sagemaker'
import type { Complete } from '../protocol/shapes.ts'
import type { Job } from './jobs.ts'

/**
 * Converts a stored job to the form in which DescribeProcessingJob returns it.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html
 */
export function describeJob(job: Job): Complete<DescribeProcessingJobResponse> {
  const { request } = job
  return {
    ...request,
    StoppingCondition: request.StoppingCondition ?? { MaxRuntimeInSeconds: DEFAULT_MAX_RUNTIME_SECONDS },
    ProcessingJobArn: job.arn,
    ProcessingJobStatus: job.status,
    ...(job.exitMessage !== undefined && { ExitMessage: job.exitMessage }),
    ...(job.failureReason !== undefined && { FailureReason: job.failureReason }),
    CreationTime: new Date(job.createdAt),
    ProcessingStartTime: new Date(job.createdAt),
    LastModifiedTime: new Date(job.modifiedAt),
    ...(job.endedAt !== undefined && { ProcessingEndTime: new Date(job.endedAt) }),
  }
}

/** Maximum run time, in seconds, of a job whose request sets none: a day, AWS's default. */
export const DEFAULT_MAX_RUNTIME_SECONDS = 86_400

/**
 * Converts a stored job to the short form in which ListProcessingJobs returns it.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingJobSummary.html
 */
export function summarizeJob(job: Job): Complete<ProcessingJobSummary> {
  return {
    ProcessingJobName: job.name,
    ProcessingJobArn: job.arn,
    ProcessingJobStatus: job.status,
    ...(job.exitMessage !== undefined && { ExitMessage: job.exitMessage }),
    ...(job.failureReason !== undefined && { FailureReason: job.failureReason }),
    CreationTime: new Date(job.createdAt),
    LastModifiedTime: new Date(job.modifiedAt),
    ...(job.endedAt !== undefined && { ProcessingEndTime: new Date(job.endedAt) }),
  }
}
