/** Codes of all errors that Dayfold raises on purpose. Callers and Step Functions branch on them. */
export const ERROR_CODES = [
  'InvalidInput',
  'InvalidConfiguration',
  'InvalidDataset',
  'UnknownDataset',
  'TooManyDays',
  'CorruptState',
  'FeatureVersionMismatch',
  'ColumnsMismatch',
  'TableGone',
  'AccountingMismatch',
  'RejectedRatioExceeded',
  'ChecksFailed',
  'UnreadableObjects',
  'EmptyPrefix',
  'DamagedDay',
  'DaysMissing',
  'MixedFeatureCode',
  'DaysMoved',
  'RawObjectChanged',
  'StagingGone',
  'WorkerDied',
  'JobFailed',
  'CatalogBusy',
  'S3Throttled',
  'QueryFailed',
  'NotImplemented',
] as const
/** Code of a {@link DayfoldError}. The error's `name` is the same text. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/** Facts and cause that a {@link DayfoldError} may carry besides its message. */
export interface DayfoldErrorOptions {
  /**
   * Facts for a log line: keys, counts, names. Plain JSON values only, so that they cross threads and processes.
   * @default {}
   */
  readonly context?: Readonly<Record<string, unknown>>
  /** Error that led to this one. @default none */
  readonly cause?: unknown
}

/**
 * An error whose message was written for people and contains no value of a record, so that logs, causes and summaries
 * may quote it. Of other errors they name only the class and the line of code.
 */
export class OwnError extends Error {}

/**
 * An error that Dayfold raises on purpose. Its message says what it is about, what was expected, what was found and
 * what to do.
 */
export class DayfoldError extends OwnError {
  readonly code: ErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: DayfoldErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.context = options.context ?? {}
    // Step Functions matches ErrorEquals against the name that a Lambda function throws.
    // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    this.name = code
  }
}

/** An error as plain data, because `postMessage` and JSON drop an Error's class, name and code. */
export interface ErrorData {
  /** Code of a DayfoldError. @default it is another error */
  readonly code?: ErrorCode | undefined
  readonly name: string
  readonly message: string
  /** True for an error other than DayfoldError whose message logs may quote ({@link OwnError}). @default false */
  readonly own?: true | undefined
  /** Facts of a DayfoldError for a log line. @default none */
  readonly context?: Readonly<Record<string, unknown>> | undefined
  /** Stack of the error, as text. @default none */
  readonly stack?: string | undefined
}

/** Longest chain of causes that {@link causesOf} follows. */
const MAX_CAUSES = 4

/**
 * Returns the cause of an error, the cause of that, and so on, at most four. An AggregateError without a cause counts
 * its first error, such as the failure of a host's first address.
 */
export function causesOf(thrown: unknown): unknown[] {
  const causes: unknown[] = []
  for (let error = causeOf(thrown); error !== undefined && causes.length < MAX_CAUSES; error = causeOf(error))
    causes.push(error)
  return causes
}

function causeOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return undefined
  return thrown.cause ?? (thrown instanceof AggregateError ? (thrown.errors as unknown[])[0] : undefined)
}

/** Converts anything thrown to plain data, for another thread or process. Its cause is left out. */
export function errorToData(error: unknown): ErrorData {
  if (error instanceof DayfoldError) {
    const { code, name, message, context, stack } = error
    return { code, name, message, context, stack }
  }
  if (error instanceof Error) {
    const own = error instanceof OwnError && ({ own: true } as const)
    return { name: error.name, message: error.message, ...own, stack: error.stack }
  }
  return { name: 'Error', message: String(error) }
}

/** Restores an error from {@link errorToData}, in the class that its data tell. The cause is passed separately. */
export function errorFromData(data: ErrorData, cause?: Error): Error {
  const error = data.code
    ? new DayfoldError(data.code, data.message, { context: data.context ?? {}, cause })
    : Object.assign(new (data.own ? OwnError : Error)(data.message, cause && { cause }), { name: data.name })
  if (data.stack !== undefined) error.stack = data.stack
  return error
}
