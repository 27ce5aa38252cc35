import { diskFull, isDiskFull, LocalAwsError } from '../../errors.ts'

/**
 * Names of errors that Step Functions itself raises.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const ALL = 'States.ALL'
export const TASK_FAILED = 'States.TaskFailed'
export const TIMEOUT = 'States.Timeout'
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded'
export const RUNTIME = 'States.Runtime'
export const QUERY_EVALUATION_ERROR = 'States.QueryEvaluationError'
export const NO_CHOICE_MATCHED = 'States.NoChoiceMatched'
export const ITEM_READER_FAILED = 'States.ItemReaderFailed'
export const RESULT_WRITER_FAILED = 'States.ResultWriterFailed'
export const TOLERANCE_EXCEEDED = 'States.ExceedToleratedFailureThreshold'

/** Longest error and cause that an execution can carry, in characters. */
const MAX_ERROR_CHARACTERS = 256
const MAX_CAUSE_CHARACTERS = 32_768

/** A state failed: `name` is the error that Retry and Catch match, `message` the cause. */
export class StateError extends Error {
  constructor(error: string, cause: string) {
    super(cause.slice(0, MAX_CAUSE_CHARACTERS))
    this.name = error.slice(0, MAX_ERROR_CHARACTERS)
  }
}

/** What expressions see of an error as `$states.errorOutput`. */
export interface ErrorOutput {
  readonly Error: string
  readonly Cause: string
}

/** The error as `$states.errorOutput`. */
export const errorOutput = (error: StateError): ErrorOutput => ({ Error: error.name, Cause: error.message })

/** The execution was stopped or ran out of its time while a state was running: nothing may catch it. */
export class ExecutionAborted extends Error {
  readonly status: 'ABORTED' | 'TIMED_OUT'
  readonly error: string | undefined

  constructor(status: 'ABORTED' | 'TIMED_OUT', error?: string, cause?: string) {
    super(cause)
    this.status = status
    this.error = error
  }
}

/** Anything thrown as the error of a state: what nobody foresaw is `States.Runtime`, which cannot be caught. */
export function asStateError(thrown: unknown): StateError {
  if (thrown instanceof StateError) return thrown
  if (isDiskFull(thrown)) return new StateError(RUNTIME, diskFull(thrown))
  if (thrown instanceof LocalAwsError) return new StateError(thrown.code, thrown.message)
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return new StateError(RUNTIME, text)
}
