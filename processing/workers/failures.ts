import { causesOf, errorFromData, errorToData, type ErrorData } from '../../core/errors.ts'

/** An error as plain data, as it is sent between threads and processes. */
export interface FailureData {
  readonly error: ErrorData
  /**
   * Its causes, each the cause of the one before. Show them only to a developer on their own machine: they may contain
   * raw data.
   */
  readonly causes: readonly ErrorData[]
}

/** Converts anything that was thrown, with its causes, to plain data. */
export function failureData(error: unknown): FailureData {
  return { error: errorToData(error), causes: causesOf(error).map(errorToData) }
}

/** Restores the error, with its causes, from {@link failureData}. */
export function failureOf({ error, causes }: FailureData): Error {
  const cause = causes.reduceRight<Error | undefined>((below, data) => errorFromData(data, below), undefined)
  return errorFromData(error, cause)
}
