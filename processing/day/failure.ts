import { DayfoldError, errorToData, OwnError, type ErrorData } from '../../core/errors.ts'
import { outlineOf } from '../records/outline.ts'

/** Why the job has failed, as logs and causes may have it. */
export interface Failure {
  readonly message: string
  readonly error: ErrorData
}

/** What may be told of an error that ends the job: of one that is not our own class and place. */
export function failureOf(cause: unknown): Failure {
  // The code comes first: whether the job or its day is worth another try follows from it.
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
