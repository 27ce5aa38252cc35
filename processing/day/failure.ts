import { DayfoldError, errorToData, OwnError, type ErrorData } from '../../core/errors.ts'
import { outlineOf } from '../records/outline.ts'

/** The reason of the job's failure, in words that logs and causes may have: it holds no raw data. */
export interface Failure {
  readonly message: string
  readonly error: ErrorData
}

/**
 * Describes an error that ends the job. Of an error that is not our own it gives only class and place, because its
 * message may hold raw data.
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
