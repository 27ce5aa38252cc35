import type { Retrier } from '../language/definition.ts'
import {
  ALL,
  DATA_LIMIT_EXCEEDED,
  RUNTIME,
  TASK_FAILED,
  TIMEOUT,
  type StateError,
} from '../language/errors.ts'

/**
 * Returns true if the `ErrorEquals` of a Retry or Catch matches an error. `States.ALL` matches every error that can be
 * caught, `States.TaskFailed` every one of these except a timeout. `States.DataLimitExceeded` and `States.Runtime`
 * cannot be caught.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
 */
export function matches(errorEquals: readonly string[], error: StateError): boolean {
  if (error.name === DATA_LIMIT_EXCEEDED || error.name === RUNTIME) return false
  return errorEquals.some(
    (name) => name === error.name || name === ALL || (name === TASK_FAILED && error.name !== TIMEOUT),
  )
}

/** Decides on retries while a state runs once in an execution, counting its attempts. */
export interface Retries {
  /**
   * Returns the seconds to wait before the next attempt after this error; undefined if the state is not to be retried.
   */
  next(error: StateError): number | undefined
}

/**
 * Creates the retries for a state that is entered. The first entry of its `Retry` that matches an error decides, and
 * each entry counts its own attempts.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 *
 * @param random returns a number from 0 to 1, by which the delay is multiplied if jitter is asked for
 */
export function retriesOf(retriers: readonly Retrier[], random: () => number): Retries {
  const attempts = retriers.map(() => 0)
  return {
    next(error) {
      const index = retriers.findIndex((retrier) => matches(retrier.ErrorEquals, error))
      const retrier = retriers[index]
      if (!retrier || attempts[index]! >= retrier.MaxAttempts) return undefined
      const delay = delaySeconds(retrier, attempts[index]!)
      attempts[index]!++
      return retrier.JitterStrategy === 'FULL' ? delay * random() : delay
    },
  }
}

function delaySeconds(retrier: Retrier, attempt: number): number {
  const delay = retrier.IntervalSeconds * retrier.BackoffRate ** attempt
  return Math.min(delay, retrier.MaxDelaySeconds ?? Infinity)
}
