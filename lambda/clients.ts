/** How often a call is tried: a burst of SlowDown or a broken connection is not worth failing a day. */
export const MAX_ATTEMPTS = 8

/** What every client of a function is made with. Region, endpoint and credentials come from the environment. */
export const CLIENT_DEFAULTS = { maxAttempts: MAX_ATTEMPTS } as const
