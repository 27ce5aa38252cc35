import type { Caller } from '../protocol/service.ts'
import type { AwsError } from '../protocol/aws-error.ts'
import { StateError } from '../states/run/errors.ts'
import type { LambdaInvoker } from '../states/resources/lambda-resource.ts'
import type { ProcessingJobs } from '../states/resources/processing-job-resource.ts'
import type { Place } from '../cloudformation/identities.ts'
import type { Access, Authorize } from '../iam/access.ts'
import { sagemakerAccesses, waitForJobAccesses } from './service-access.ts'

/** Functions as a state machine with the permissions of `caller` may invoke them. */
export function authorizedLambda(
  runtime: LambdaInvoker,
  {
    authorize,
    caller,
    arnOf,
  }: { authorize: Authorize; caller: Caller; arnOf: (nameOrArn: string) => string },
): LambdaInvoker {
  return {
    invoke(nameOrArn, payload) {
      const access: Access = { action: 'lambda:InvokeFunction', resource: arnOf(nameOrArn) }
      try {
        authorize(caller, [access])
      } catch (error) {
        // The name that executions on AWS show for it.
        throw new StateError('Lambda.AWSLambdaException', (error as AwsError).message)
      }
      return runtime.invoke(nameOrArn, payload)
    },
  }
}

/** Processing jobs as a state machine with the permissions of `caller` may run them. */
export function authorizedJobs(
  jobs: ProcessingJobs,
  { authorize, caller, place }: { authorize: Authorize; caller: Caller; place: Place },
): ProcessingJobs {
  const accessesOf = sagemakerAccesses(place)
  const check = (operation: string, name: string) =>
    authorize(caller, accessesOf(operation, { ProcessingJobName: name }))
  return {
    async create(request) {
      authorize(caller, accessesOf('CreateProcessingJob', request))
      authorize(caller, waitForJobAccesses(place, String(request.ProcessingJobName)))
      return jobs.create(request)
    },
    async describe(name) {
      check('DescribeProcessingJob', name)
      return jobs.describe(name)
    },
    async stop(name) {
      check('StopProcessingJob', name)
      return jobs.stop(name)
    },
  }
}
