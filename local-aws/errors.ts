/** Class of problem that an error of the local AWS is about; callers branch on it. */
export type LocalAwsErrorCode =
  'CorruptState' | 'InvalidConfiguration' | 'InvalidInput' | 'LimitExceeded' | 'NotImplemented'

/**
 * An error that the local AWS raises on purpose: at the start, about what is deployed on it, or about a file of its own
 * that it cannot read. A bad request gets an AwsError instead, which becomes the answer.
 */
export class LocalAwsError extends Error {
  readonly code: LocalAwsErrorCode

  constructor(code: LocalAwsErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.name = code
  }
}

/** True for an error that says a file system has no room left. */
export function isDiskFull(error: unknown): error is NodeJS.ErrnoException {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}

/** Returns a message about a full disk that says where it is and what to do. */
export function diskFull({ code, path }: NodeJS.ErrnoException): string {
  const place = path === undefined ? '' : ` at ${path}`
  return `The disk is full (${code}${place}). Make room, then run again: what was published stays as it is.`
}
