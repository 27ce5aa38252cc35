import { diskFull, isDiskFull, LocalAwsError } from '../errors.ts'

/** An error that a client receives as the answer to its request. Each service writes it in its own format. */
export class AwsError extends Error {
  /** AWS's name of the error, such as `NoSuchKey`. */
  readonly code: string
  /** HTTP status of the answer. */
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
  }
}

/**
 * Converts anything thrown to an {@link AwsError} that can be sent to the client. A LocalAwsError keeps its code and
 * message, a full disk becomes DiskFull, and anything else InternalFailure with its stack; all three have status 500.
 */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  if (error instanceof LocalAwsError) return new AwsError(error.code, error.message, 500)
  if (isDiskFull(error)) return new AwsError('DiskFull', diskFull(error), 500)
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new AwsError('InternalFailure', `The local service failed: ${text}`, 500)
}

/**
 * Returns the NotImplemented error, with status 501, for something that AWS can do and the local AWS cannot.
 *
 * @param what names it, as the object of "does not implement"
 */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The local AWS does not implement ${what}.`, 501)
}
