/** Waiting, and putting a limit on a wait. */
export interface Timers {
  /** Resolves after that many milliseconds, or rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Calls `expired` after that many milliseconds, unless the returned function is called first. */
  limit(milliseconds: number, expired: () => void): () => void
}

/** Longest delay of a Node timer, in milliseconds: about 24 days. */
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
 * Settles as `start` resolves or rejects, or rejects with the signal's reason as soon as it aborts.
 *
 * @param start begins the work and returns the function that stops it when the signal aborts
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
