import { JitterType, TaskInput, Timeout, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions'
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { HandlerName } from '../../core/environment.ts'
import { NOT_WORTH_ANOTHER_TRY } from '../../core/failures.ts'
import { stateTimeoutSeconds } from '../timeouts.ts'
import type { HandlerFunction } from './handler-function.ts'

/** A JSONata expression as the definition spells it. */
export const jsonata = (expression: string) => `{% ${expression} %}`

/** JSONata for the text that `textOf` makes of the value of an expression, such as a key of the layout. */
export function jsonataText(textOf: (value: string) => string, expression: string): string {
  const [before, after] = textOf('\0')
    .split('\0')
    .map((part) => `'${part}'`)
  return `${before} & ${expression} & ${after}`
}

/**
 * What Step Functions says when Lambda did not begin: the account's concurrent executions are used up, or the service is
 * in trouble. It may last for hours, and another execution's functions end.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const LAMBDA_IS_BUSY = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
]

export interface InvokeOptions<H extends HandlerName> {
  readonly handler: H
  readonly function: HandlerFunction<H>
  /** The event: JSONata, or an object that may hold JSONata. */
  readonly payload: string | Readonly<Record<string, unknown>>
  /** Variable that takes what the handler returns. */
  readonly variable: string
  /** Further variables. */
  readonly assign?: Readonly<Record<string, unknown>>
}

/**
 * A state that invokes a handler and puts what it returns into its output and into a variable. Whatever a handler
 * does not raise on purpose (a lost connection, throttling, a crash) is tried again: handlers may be repeated.
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
