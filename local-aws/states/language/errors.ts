import { diskFull, isDiskFull, LocalAwsError } from '../../errors.ts'

/**
 * Matches every error but those that nothing catches. Like the following, a name of Step Functions itself.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const ALL = 'States.ALL'
/** In Retry and Catch, every error that `States.ALL` matches but a timeout; as an error, a job that has failed. */
export const TASK_FAILED = 'States.TaskFailed'
/** A Task or an execution ran out of time. */
export const TIMEOUT = 'States.Timeout'
/** A payload or variable was larger than a state may take, return or assign; cannot be caught. */
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded'
/** An unforeseen error, or bad arguments of an invocation; cannot be caught. */
export const RUNTIME = 'States.Runtime'
/** An expression failed, or its value has the wrong type. */
export const QUERY_EVALUATION_ERROR = 'States.QueryEvaluationError'
/** No rule of a Choice matched, and it has no Default. */
export const NO_CHOICE_MATCHED = 'States.NoChoiceMatched'
/** A Distributed Map could not read its items. */
export const ITEM_READER_FAILED = 'States.ItemReaderFailed'
/** A Distributed Map could not write its results. */
export const RESULT_WRITER_FAILED = 'States.ResultWriterFailed'
/** More children of a Distributed Map failed than it tolerates. */
export const TOLERANCE_EXCEEDED = 'States.ExceedToleratedFailureThreshold'

/** Longest error and cause of an execution, in characters. */
const MAX_ERROR_CHARACTERS = 256
const MAX_CAUSE_CHARACTERS = 32_768

/** Says that a state failed: `name` is the error that Retry and Catch match, `message` the cause. */
export class StateError extends Error {
  constructor(error: string, cause: string) {
    super(cause.slice(0, MAX_CAUSE_CHARACTERS))
    this.name = error.slice(0, MAX_ERROR_CHARACTERS)
  }
}

/** An error as expressions see it in `$states.errorOutput`. */
export interface ErrorOutput {
  readonly Error: string
  readonly Cause: string
}

/** Returns an error as `$states.errorOutput`. */
export const errorOutput = (error: StateError): ErrorOutput => ({ Error: error.name, Cause: error.message })

/** Says that the execution was stopped or timed out while a state was running; no Catch applies to it. */
export class ExecutionAborted extends Error {
  readonly status: 'ABORTED' | 'TIMED_OUT'
  readonly error: string | undefined

  constructor(status: 'ABORTED' | 'TIMED_OUT', error?: string, cause?: string) {
    super(cause)
    this.status = status
    this.error = error
  }
}

/**
 * Turns anything thrown into the error of a state: an unforeseen one becomes `States.Runtime`, which cannot be caught.
 */
export function asStateError(thrown: unknown): StateError {
  if (thrown instanceof StateError) return thrown
  if (isDiskFull(thrown)) return new StateError(RUNTIME, diskFull(thrown))
  if (thrown instanceof LocalAwsError) return new StateError(thrown.code, thrown.message)
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return new StateError(RUNTIME, text)
}
