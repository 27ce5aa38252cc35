/** What waits, and what bounds a wait. */
export interface Timers {
  /** Resolves after so many milliseconds, or rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Calls back after so many milliseconds, unless what it returns is called before. */
  limit(milliseconds: number, expired: () => void): () => void
}

/** Longest delay that a Node timer takes, in milliseconds: about 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** This machine's timers. */
export const SYSTEM_TIMERS: Timers = {
  sleep: (milliseconds, signal) => abortable(signal, (resolve) => SYSTEM_TIMERS.limit(milliseconds, resolve)),
  limit(milliseconds, expired) {
    const timer = setTimeout(expired, Math.min(milliseconds, MAX_TIMER_MS))
    return () => {
      clearTimeout(timer)
    }
  },
}

/**
 * What `start` resolves or rejects with, or the signal's reason as soon as it aborts.
 *
 * @param start returns what is called when the signal aborts before
 */
export function abortable<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error)
      return
    }
    const abort = () => {
      stop()
      reject(signal.reason as Error)
    }
    const settle = () => {
      signal.removeEventListener('abort', abort)
    }
    const stop = start(
      (value) => {
        settle()
        resolve(value)
      },
      (reason) => {
        settle()
        reject(reason instanceof Error ? reason : new Error(String(reason)))
      },
    )
    signal.addEventListener('abort', abort, { once: true })
  })
}
