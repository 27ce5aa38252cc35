import { causesOf, errorFromData, errorToData, type ErrorData } from '../../core/errors.ts'

/** An error on its way between threads. */
export interface FailureData {
  readonly error: ErrorData
  /** Each the cause of the one before. For the terminal of this machine alone. */
  readonly causes: readonly ErrorData[]
}

/** The plain-data form of anything thrown, and of its causes. */
export function failureData(error: unknown): FailureData {
  return { error: errorToData(error), causes: causesOf(error).map(errorToData) }
}

/** The error that `failureData` described. */
export function failureOf({ error, causes }: FailureData): Error {
  const cause = causes.reduceRight<Error | undefined>((below, data) => errorFromData(data, below), undefined)
  return errorFromData(error, cause)
}
