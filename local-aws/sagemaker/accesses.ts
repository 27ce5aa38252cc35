import type { Access } from '../iam/access.ts'
import type { Place } from '../protocol/place.ts'

interface OneJob {
  readonly ProcessingJobName: string
}

/** The parts of a job's request that decide its permissions. */
export interface NewJob extends OneJob {
  readonly RoleArn: string
  readonly Tags?: unknown
}

/** Returns the ARN of a processing job. */
export const jobArn = ({ region, account }: Place, name: string) =>
  `arn:aws:sagemaker:${region}:${account}:processing-job/${name}`

/**
 * Returns the permissions that each operation of SageMaker needs.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 * https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (passing roles)
 */
export function sagemakerAccesses(place: Place) {
  const onJob = (operation: string, { ProcessingJobName }: OneJob): Access => ({
    action: `sagemaker:${operation}`,
    resource: jobArn(place, ProcessingJobName),
  })
  return {
    CreateProcessingJob: (job: NewJob): readonly Access[] => [
      onJob('CreateProcessingJob', job),
      ...(job.Tags === undefined ? [] : [onJob('AddTags', job)]),
      {
        action: 'iam:PassRole',
        resource: job.RoleArn,
        context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
      },
    ],
    DescribeProcessingJob: (job: OneJob) => [onJob('DescribeProcessingJob', job)],
    StopProcessingJob: (job: OneJob) => [onJob('StopProcessingJob', job)],
    ListProcessingJobs: () => [{ action: 'sagemaker:ListProcessingJobs', resource: '*' }],
  }
}
