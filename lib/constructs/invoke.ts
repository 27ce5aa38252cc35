import { JitterType, TaskInput, Timeout, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions'
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { HandlerName } from '../../core/environment.ts'
import { NOT_WORTH_ANOTHER_TRY } from '../../core/failures.ts'
import { stateTimeoutSeconds } from '../timeouts.ts'
import type { HandlerFunction } from './handler-function.ts'

/** Marks a text as a JSONata expression, as a state machine's definition requires it. */
export const jsonata = (expression: string) => `{% ${expression} %}`

/**
 * Returns a JSONata expression for the text that `textOf` makes of a value, such as a key in the data bucket.
 *
 * @param textOf inserts its argument once, unchanged
 * @param expression JSONata expression for the value
 */
export function jsonataText(textOf: (value: string) => string, expression: string): string {
  const [before, after] = textOf('\0')
    .split('\0')
    .map((part) => `'${part}'`)
  return `${before} & ${expression} & ${after}`
}

/**
 * Errors of Step Functions when Lambda did not start the function: the account's concurrency is used up, or the service
 * is in trouble. That may last for hours, until functions of other executions end.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const LAMBDA_IS_BUSY = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
]

/** Lambda function that a state invokes, its payload, and the variables that the state sets. */
export interface InvokeOptions<H extends HandlerName> {
  readonly handler: H
  readonly function: HandlerFunction<H>
  /** The function's event: a JSONata expression, or an object whose values may be such. */
  readonly payload: string | Readonly<Record<string, unknown>>
  /** Name of the state machine's variable that gets the function's answer. */
  readonly variable: string
  /** Further variables to set, by name. @default none */
  readonly assign?: Readonly<Record<string, unknown>>
}

/**
 * Returns a state that invokes a Lambda function and puts its answer into the output and a variable. Errors that a
 * handler does not raise on purpose (a lost connection, throttling, a crash) are retried: handlers can safely run
 * again.
 */
export function invoke<H extends HandlerName>(
  scope: Construct,
  id: string,
  options: InvokeOptions<H>,
): TaskStateBase {
  const { payload } = options
  const returned = jsonata('$states.result.Payload')
  const state = LambdaInvoke.jsonata(scope, id, {
    lambdaFunction: options.function.version,
    payload: typeof payload === 'string' ? TaskInput.fromText(payload) : TaskInput.fromObject({ ...payload }),
    taskTimeout: Timeout.duration(Duration.seconds(stateTimeoutSeconds(options.handler))),
    outputs: returned,
    assign: { [options.variable]: returned, ...options.assign },
    retryOnServiceExceptions: false,
  })
  state.addRetry({ errors: NOT_WORTH_ANOTHER_TRY, maxAttempts: 0 })
  state.addRetry({
    errors: LAMBDA_IS_BUSY,
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxAttempts: 60,
    maxDelay: Duration.seconds(600),
    jitterStrategy: JitterType.FULL,
  })
  return state.addRetry({
    errors: ['States.ALL'],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxAttempts: 6,
    maxDelay: Duration.seconds(60),
    jitterStrategy: JitterType.FULL,
  })
}
