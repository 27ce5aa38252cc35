import { errorFromData, errorToData, type ErrorData } from '../../core/errors.ts'

/** An error on its way between threads. */
export interface FailureData {
  readonly error: ErrorData
  /** For the terminal of this machine alone. */
  readonly cause?: ErrorData
}

/** The plain-data form of anything thrown, and of its cause. */
export function failureData(error: unknown): FailureData {
  const cause = error instanceof Error && error.cause !== undefined ? errorToData(error.cause) : undefined
  return { error: errorToData(error), ...(cause && { cause }) }
}

/** The error that `failureData` described. */
export function failureOf({ error, cause }: FailureData): Error {
  return errorFromData(error, cause && errorFromData(cause))
}
