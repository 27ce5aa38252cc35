import { causesOf, errorFromData, errorToData, type ErrorData } from '../../core/errors.ts'

/** An error as it is sent between threads. */
export interface FailureData {
  readonly error: ErrorData
  /** Causes, each of the one before. Only for a terminal of this machine: they may hold raw data. */
  readonly causes: readonly ErrorData[]
}

/** Converts anything thrown, and its causes, to plain data. */
export function failureData(error: unknown): FailureData {
  return { error: errorToData(error), causes: causesOf(error).map(errorToData) }
}

/** Makes the error that {@link failureData} was given. */
export function failureOf({ error, causes }: FailureData): Error {
  const cause = causes.reduceRight<Error | undefined>((below, data) => errorFromData(data, below), undefined)
  return errorFromData(error, cause)
}
