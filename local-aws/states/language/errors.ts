import { diskFull, isDiskFull, LocalAwsError } from '../../errors.ts'

/**
 * Name in Retry and Catch that matches every error that can be caught. This and the following names are those of Step
 * Functions. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const ALL = 'States.ALL'
/**
 * Error of a Task whose job has failed. As a name in Retry and Catch it matches every error that `States.ALL` matches,
 * except a timeout.
 */
export const TASK_FAILED = 'States.TaskFailed'
/** Error of a Task, and of an execution, that ran longer than its TimeoutSeconds. */
export const TIMEOUT = 'States.Timeout'
/** Error of a state whose input, output or assigned variable is larger than 256 KiB of JSON. It cannot be caught. */
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded'
/** Error of a state that failed unexpectedly, or that invoked a function with wrong arguments. It cannot be caught. */
export const RUNTIME = 'States.Runtime'
/** Error of a state with a JSONata expression that failed, or whose value has the wrong type. */
export const QUERY_EVALUATION_ERROR = 'States.QueryEvaluationError'
/** Error of a Choice of which no rule matched and that has no Default. */
export const NO_CHOICE_MATCHED = 'States.NoChoiceMatched'
/** Error of a Distributed Map whose ItemReader could not read the items from S3. */
export const ITEM_READER_FAILED = 'States.ItemReaderFailed'
/** Error of a Distributed Map whose ResultWriter could not write the results to S3. */
export const RESULT_WRITER_FAILED = 'States.ResultWriterFailed'
/** Error of a Distributed Map of which more child executions failed than it tolerates. */
export const TOLERANCE_EXCEEDED = 'States.ExceedToleratedFailureThreshold'

/** Longest error and cause of an execution, in characters. */
const MAX_ERROR_CHARACTERS = 256
const MAX_CAUSE_CHARACTERS = 32_768

/**
 * Says that a state failed. Its `name` is the error that Retry and Catch match, cut to 256 characters; its `message` is
 * the cause, cut to 32,768.
 */
export class StateError extends Error {
  constructor(error: string, cause: string) {
    super(cause.slice(0, MAX_CAUSE_CHARACTERS))
    this.name = error.slice(0, MAX_ERROR_CHARACTERS)
  }
}

/** An error in the form in which expressions of a Catch read it, as `$states.errorOutput`. */
export interface ErrorOutput {
  readonly Error: string
  readonly Cause: string
}

/** Converts an error to the value of `$states.errorOutput`. */
export const errorOutput = (error: StateError): ErrorOutput => ({ Error: error.name, Cause: error.message })

/**
 * Says that an execution was stopped, or ran longer than its TimeoutSeconds, while a state was running. No Catch
 * applies to it.
 */
export class ExecutionAborted extends Error {
  /** Final status of the execution. */
  readonly status: 'ABORTED' | 'TIMED_OUT'
  /** Error that the execution is stored with, if any; the `message` is its cause. */
  readonly error: string | undefined

  constructor(status: 'ABORTED' | 'TIMED_OUT', error?: string, cause?: string) {
    super(cause)
    this.status = status
    this.error = error
  }
}

/**
 * Converts anything thrown in a state to an error of the state. A LocalAwsError keeps its code; an unexpected error and
 * a full disk become `States.Runtime`, which cannot be caught.
 */
export function asStateError(thrown: unknown): StateError {
  if (thrown instanceof StateError) return thrown
  if (isDiskFull(thrown)) return new StateError(RUNTIME, diskFull(thrown))
  if (thrown instanceof LocalAwsError) return new StateError(thrown.code, thrown.message)
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return new StateError(RUNTIME, text)
}
