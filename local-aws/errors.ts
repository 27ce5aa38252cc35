/**
 * Kind of problem that a {@link LocalAwsError} reports, for callers that treat some kinds differently: an unreadable
 * file of state, a wrong deployment, a wrong argument, a size that AWS would refuse, or something that the local AWS
 * does not implement.
 */
export type LocalAwsErrorCode =
  'CorruptState' | 'InvalidConfiguration' | 'InvalidInput' | 'LimitExceeded' | 'NotImplemented'

/**
 * Says that the local AWS cannot run what is deployed, or cannot read a file of its own state. A bad request fails with
 * an AwsError instead, which the client receives as the answer.
 */
export class LocalAwsError extends Error {
  readonly code: LocalAwsErrorCode

  constructor(code: LocalAwsErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.name = code
  }
}

/**
 * Recognizes a full disk or a used-up disk quota by the error's code, ENOSPC or EDQUOT; the message is not looked at.
 */
export function isDiskFull(error: unknown): error is NodeJS.ErrnoException {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}

/**
 * Returns the message for a full disk: the error's code, the path that could not be written, if known, and the advice
 * to make room and run again.
 */
export function diskFull({ code, path }: NodeJS.ErrnoException): string {
  const place = path === undefined ? '' : ` at ${path}`
  return `The disk is full (${code}${place}). Make room, then run again: what was published stays as it is.`
}
