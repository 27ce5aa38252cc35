import type { Access, Authorize } from '../iam/access.ts'
import type { AwsError } from '../protocol/aws-error.ts'
import type { Caller } from '../protocol/caller.ts'
import type { Place } from '../protocol/place.ts'
import { sagemakerAccesses, type NewJob } from '../sagemaker/accesses.ts'
import { waitForJobAccesses } from '../states/accesses.ts'
import { StateError } from '../states/language/errors.ts'
import type { LambdaInvoker } from '../states/resources/lambda-resource.ts'
import type { ProcessingJobs } from '../states/resources/processing-job-resource.ts'

/**
 * Restricts invocations to those that a state machine with the permissions of `caller` may make. To invoke a version,
 * it needs the permission for the version; the one for the function is not enough.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
export function authorizedLambda(
  runtime: LambdaInvoker,
  { authorize, caller, place }: { authorize: Authorize; caller: Caller; place: Place },
): LambdaInvoker {
  return {
    invoke(nameOrArn, payload) {
      const access: Access = { action: 'lambda:InvokeFunction', resource: functionArn(nameOrArn, place) }
      try {
        authorize(caller, [access])
      } catch (error) {
        // The error name that executions on AWS show for it.
        throw new StateError('Lambda.AWSLambdaException', (error as AwsError).message)
      }
      return runtime.invoke(nameOrArn, payload)
    },
  }
}

/** Returns the ARN of a function or version given by name or ARN. */
function functionArn(nameOrArn: string, { region, account }: Place): string {
  return nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:aws:lambda:${region}:${account}:function:${nameOrArn}`
}

/** Restricts processing jobs to those that a state machine with the permissions of `caller` may run. */
export function authorizedJobs(
  jobs: ProcessingJobs,
  { authorize, caller, place }: { authorize: Authorize; caller: Caller; place: Place },
): ProcessingJobs {
  const accesses = sagemakerAccesses(place)
  return {
    async create(request) {
      const job = request as unknown as NewJob
      authorize(caller, accesses.CreateProcessingJob(job))
      authorize(caller, waitForJobAccesses(place, job.ProcessingJobName))
      return jobs.create(request)
    },
    async describe(name) {
      authorize(caller, accesses.DescribeProcessingJob({ ProcessingJobName: name }))
      return jobs.describe(name)
    },
    async stop(name) {
      authorize(caller, accesses.StopProcessingJob({ ProcessingJobName: name }))
      return jobs.stop(name)
    },
    ...(jobs.ended && { ended: (name) => jobs.ended!(name) }),
  }
}
