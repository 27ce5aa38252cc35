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
 * True if `ErrorEquals` matches an error: `States.ALL` matches all but those that nothing catches, `States.TaskFailed`
 * all but those and a timeout.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
 */
export function matches(errorEquals: readonly string[], error: StateError): boolean {
  if (error.name === DATA_LIMIT_EXCEEDED || error.name === RUNTIME) return false
  return errorEquals.some(
    (name) => name === error.name || name === ALL || (name === TASK_FAILED && error.name !== TIMEOUT),
  )
}

/** Decides on the retries of one visit to a state. */
export interface Retries {
  /** Returns the seconds to wait before the next try; undefined if there is none. */
  next(error: StateError): number | undefined
}

/**
 * Counts the attempts of each retrier; the first retrier that matches an error decides.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 *
 * @param random returns a number from 0 to 1, for jitter
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
