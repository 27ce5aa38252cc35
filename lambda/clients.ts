/**
 * Maximum number of attempts of a call to AWS, including the first, so that a burst of SlowDown answers or a broken
 * connection fails no day.
 */
export const MAX_ATTEMPTS = 8

/** Settings of every SDK client in a Lambda function. Region, endpoint and credentials come from the environment. */
export const CLIENT_DEFAULTS = { maxAttempts: MAX_ATTEMPTS } as const
