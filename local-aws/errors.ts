/** What an error of the local AWS is about. */
export type LocalAwsErrorCode = 'CorruptState' | 'InvalidConfiguration' | 'InvalidInput' | 'NotImplemented'

/**
 * An error that the local AWS raises on purpose, at the start, over what is deployed on it or over a file of its own that
 * cannot be read. What a request did wrong is an AwsError instead, which becomes an answer.
 */
export class LocalAwsError extends Error {
  readonly code: LocalAwsErrorCode

  constructor(code: LocalAwsErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.name = code
  }
}
