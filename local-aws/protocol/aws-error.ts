import { diskFull, isDiskFull, LocalAwsError } from '../errors.ts'

/** An error that an AWS service answers with; each service gives it its own shape on the wire. */
export class AwsError extends Error {
  readonly code: string
  /** HTTP status. */
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
  }
}

/**
 * What was thrown as an {@link AwsError}. What the local service raises itself keeps its name and message, a full disk is
 * told as one; anything else is an InternalFailure. The status is 500.
 */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  if (error instanceof LocalAwsError) return new AwsError(error.code, error.message, 500)
  if (isDiskFull(error)) return new AwsError('DiskFull', diskFull(error), 500)
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new AwsError('InternalFailure', `The local service failed: ${text}`, 500)
}

/** The refusal of what AWS does and the local service does not, by name. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The local AWS does not implement ${what}.`, 501)
}
