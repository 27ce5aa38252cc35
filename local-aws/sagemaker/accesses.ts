import type { Access } from '../iam/access.ts'
import type { Place } from '../protocol/place.ts'

interface OneJob {
  readonly ProcessingJobName: string
}

/** A request for a job, as far as its permissions go. */
export interface NewJob extends OneJob {
  readonly RoleArn: string
  readonly Tags?: unknown
}

/** ARN of a processing job. */
export const jobArn = ({ region, account }: Place, name: string) =>
  `arn:aws:sagemaker:${region}:${account}:processing-job/${name}`

/**
 * The permissions that each operation of SageMaker needs.
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
