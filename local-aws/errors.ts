/** What an error of the local AWS is about. */
export type LocalAwsErrorCode =
  'CorruptState' | 'InvalidConfiguration' | 'InvalidInput' | 'LimitExceeded' | 'NotImplemented'

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

/** True for the error of a file system without room. */
export function isDiskFull(error: unknown): error is NodeJS.ErrnoException {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}

/** Says what to do about a full disk. */
export function diskFull({ code, path }: NodeJS.ErrnoException): string {
  const place = path === undefined ? '' : ` at ${path}`
  return `The disk is full (${code}${place}). Make room, then run again: what was published stays as it is.`
}
