/** Most tries of a call to AWS, so that a burst of SlowDown or a broken connection fails no day. */
export const MAX_ATTEMPTS = 8

/** Settings of every SDK client in a function. Region, endpoint and credentials come from the environment. */
export const CLIENT_DEFAULTS = { maxAttempts: MAX_ATTEMPTS } as const
