import { PROCESSING_JOB, StateError, type TaskResource } from '@dayfold/local-aws/states'
import type { VirtualClock } from '@dayfold/local-aws/virtual-clock'

/** What SageMaker lets an account do. */
export interface JobLimits {
  /** CreateProcessingJob is answered so often a second. */
  readonly createsASecond: number
  /** Instances at once. */
  readonly instances: number
}

/**
 * Jobs within limits, whose errors are named as executions on AWS show them.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function limited(clock: VirtualClock, { createsASecond, instances }: JobLimits) {
  let free = instances
  let nextAt = 0
  return (arn: string, resource: TaskResource): TaskResource => {
    if (arn !== PROCESSING_JOB) return resource
    return async (call) => {
      if (clock.now() < nextAt) throw throttled()
      nextAt = clock.now() + 1000 / createsASecond
      if (free === 0) throw exhausted(instances)
      free -= 1
      try {
        return await resource(call)
      } finally {
        free += 1
      }
    }
  }
}

const details = (code: string) => `(Service: AmazonSageMaker; Status Code: 400; Error Code: ${code})`

const throttled = () =>
  new StateError('SageMaker.AmazonSageMakerException', `Rate exceeded ${details('ThrottlingException')}`)

const exhausted = (instances: number) =>
  new StateError(
    'SageMaker.ResourceLimitExceededException',
    `The account-level service limit for processing job usage is ${instances} Instances ${details('ResourceLimitExceeded')}`,
  )
