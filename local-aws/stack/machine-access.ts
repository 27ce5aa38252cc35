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
 * Returns Lambda for a state machine: an invocation that `caller` may not make fails with the error
 * `Lambda.AWSLambdaException`. To invoke a version of a function, the caller needs the permission for that version; the
 * permission for the function is not enough.
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

/**
 * Returns SageMaker for a state machine: creating, describing and stopping a job throw AwsError AccessDeniedException
 * if `caller` may not do so. Creating also needs the permissions to wait for the job's end.
 */
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
