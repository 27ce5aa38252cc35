import type { Access } from '../iam/access.ts'
import type { Place } from '../protocol/place.ts'

interface OneJob {
  readonly ProcessingJobName: string
}

/** The parts of a CreateProcessingJob request that determine which permissions it needs. */
export interface NewJob extends OneJob {
  /** ARN of the role that the job gets; the sender must be allowed to pass it to SageMaker. */
  readonly RoleArn: string
  /** Tags, which need a permission of their own. */
  readonly Tags?: unknown
}

/** Returns the ARN of the processing job with a name. */
export const jobArn = ({ region, account }: Place, name: string) =>
  `arn:aws:sagemaker:${region}:${account}:processing-job/${name}`

/**
 * Returns, for each operation of SageMaker Processing, a function that computes the permissions that a request needs.
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
