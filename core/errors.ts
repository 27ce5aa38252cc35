/** What an error is about, for callers that branch, Step Functions among them, and for people who search. */
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
export type ErrorCode = (typeof ERROR_CODES)[number]

export interface DayfoldErrorOptions {
  /** Facts for a log line: keys, counts, names. Plain JSON values only, so that they cross threads and processes. */
  readonly context?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * An error whose message is our own and holds no value of a record, so that logs, causes and summaries may have it. Of
 * any other error they have its class and its place.
 */
export class OwnError extends Error {}

/**
 * An error that Dayfold raises on purpose: its message names the subject, what was expected, what was found
 * and what to do.
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

/** An error as data: `postMessage` and JSON drop the class, the name and the code of an Error. */
export interface ErrorData {
  readonly code?: ErrorCode | undefined
  readonly name: string
  readonly message: string
  /** Whether the message is our own and holds no value of a record. @default that of a code is, no other */
  readonly own?: true | undefined
  readonly context?: Readonly<Record<string, unknown>> | undefined
  readonly stack?: string | undefined
}

/** Errors in a row, each the cause of the one before, that are told. */
const MAX_CAUSES = 4

/**
 * What caused an error, what caused that, and so on, four at most; of several errors at once, such as those of all
 * addresses of a host, the first.
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

/** The plain-data form of anything thrown. */
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

/** The error that `errorToData` described; its cause goes a way of its own. */
export function errorFromData(data: ErrorData, cause?: Error): Error {
  const error = data.code
    ? new DayfoldError(data.code, data.message, { context: data.context ?? {}, cause })
    : Object.assign(new (data.own ? OwnError : Error)(data.message, cause && { cause }), { name: data.name })
  if (data.stack !== undefined) error.stack = data.stack
  return error
}
