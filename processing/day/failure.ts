import { DayfoldError, errorToData, OwnError, type ErrorData } from '../../core/errors.ts'
import { outlineOf } from '../records/outline.ts'

/** Reason of a job's failure that is safe to log and store: it contains no raw data. */
export interface Failure {
  /** Code and message of the error in one text. */
  readonly message: string
  readonly error: ErrorData
}

/**
 * Describes an error that ends the job. Of an error that Dayfold did not raise itself, only its class and place in the
 * code are given, because its message may contain raw data.
 */
export function failureOf(cause: unknown): Failure {
  // The code comes first: it decides whether the job or its day is tried again.
  if (cause instanceof DayfoldError)
    return { message: `${cause.code}: ${cause.message}`, error: errorToData(cause) }
  if (cause instanceof OwnError) return { message: cause.message, error: errorToData(cause) }
  return failureOf(
    new DayfoldError(
      'JobFailed',
      `The job: expected it to end by itself, found ${outlineOf(cause)}. Its message may hold raw data and is not ` +
        'kept: run the day on a machine of yours to see it.',
    ),
  )
}
