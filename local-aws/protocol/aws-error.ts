import { diskFull, isDiskFull, LocalAwsError } from '../errors.ts'

/** An error that an AWS service answers with; each service has its own wire format for it. */
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
 * Turns anything thrown into an {@link AwsError}. A LocalAwsError keeps its code and message and a full disk is named,
 * both with status 500; anything else becomes InternalFailure with status 500.
 */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  if (error instanceof LocalAwsError) return new AwsError(error.code, error.message, 500)
  if (isDiskFull(error)) return new AwsError('DiskFull', diskFull(error), 500)
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new AwsError('InternalFailure', `The local service failed: ${text}`, 500)
}

/** Returns the error for something that AWS does and the local service does not; `what` names it. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The local AWS does not implement ${what}.`, 501)
}
