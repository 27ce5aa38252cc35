import { unlessAborted } from '../run/clock.ts'
import { AwsError } from '../../protocol/aws-error.ts'
import { StateError } from '../language/errors.ts'
import type { TaskResource } from '../run/run.ts'

/** Value of `Resource` of a Task that invokes a Lambda function and waits for its answer. */
export const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke'

/** The part of Lambda that state machines use. */
export interface LambdaInvoker {
  /**
   * Invokes a function or a version of it, and waits for its answer.
   *
   * @param nameOrArn name or ARN of the function, such as `plan`, or of a version of it, such as `plan:7`
   * @throws {@link FunctionError} for an error that the function threw
   */
  invoke(nameOrArn: string, payload: unknown): Promise<{ readonly payload: unknown }>
}

/** An error that a function threw, as Lambda reports it. */
export interface FunctionError extends Error {
  /** Name of the error, by which Retry and Catch match it. */
  readonly errorType: string
  readonly errorMessage: string
  /** The stack, line by line. */
  readonly trace?: readonly string[] | undefined
}

/**
 * Returns the Task resource that invokes Lambda functions, as Step Functions' optimized integration does. If the
 * function throws, the state fails with the name of that error; a refusal by Lambda itself becomes an error such as
 * `Lambda.TooManyRequestsException`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export function lambdaResource(runtime: LambdaInvoker): TaskResource {
  return async ({ arguments: input, signal }) => {
    const { FunctionName, Payload } = invocationOf(input)
    try {
      const { payload } = await unlessAborted(runtime.invoke(FunctionName, Payload), signal)
      return { ExecutedVersion: versionOf(FunctionName), Payload: payload, StatusCode: 200 }
    } catch (error) {
      if (error instanceof AwsError) throw serviceError(error)
      if (!isFunctionError(error)) throw error
      const { errorType, errorMessage, trace } = error
      throw new StateError(errorType, JSON.stringify({ errorType, errorMessage, ...(trace && { trace }) }))
    }
  }
}

/** Returns the version in a name or ARN: `7` of `plan:7` and of `arn:…:function:plan:7`. */
const versionOf = (nameOrArn: string) => /(?:^|:function:)[^:]+:(\d+)$/.exec(nameOrArn)?.[1] ?? '$LATEST'

function invocationOf(input: unknown): { FunctionName: string; Payload: unknown } {
  const { FunctionName, Payload = {}, ...unknown } = input as Record<string, unknown>
  const surplus = Object.keys(unknown)
  if (typeof FunctionName === 'string' && surplus.length === 0) return { FunctionName, Payload }
  throw new StateError(
    'States.Runtime',
    `Arguments of ${LAMBDA_INVOKE}: expected FunctionName and Payload, found ${Object.keys(input as object).join(', ')}.`,
  )
}

/** Turns a refusal by Lambda itself into an error such as `Lambda.TooManyRequestsException`. */
function serviceError({ code, message, status }: AwsError): StateError {
  const details = `Service: AWSLambda; Status Code: ${status}; Error Code: ${code}`
  return new StateError(`Lambda.${code}`, `${message} (${details})`)
}

function isFunctionError(error: unknown): error is FunctionError {
  return error instanceof Error && 'errorType' in error
}
