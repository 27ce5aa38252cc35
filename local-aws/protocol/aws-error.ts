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

/** What was thrown as an {@link AwsError}: anything else is an InternalFailure, status 500. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new AwsError('InternalFailure', `The local service failed: ${text}`, 500)
}

/** The refusal of what AWS does and the local service does not, by name. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The local AWS does not implement ${what}.`, 501)
}
