/**
 * Waits and time limits of state machines and jobs. The services take them as an option, so that a virtual clock can
 * replace this machine's timers.
 */
export interface Timers {
  /** Resolves after that many milliseconds, or rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  /**
   * Calls `expired` once, after that many milliseconds. The returned function cancels the limit; after the call it has
   * no effect.
   */
  limit(milliseconds: number, expired: () => void): () => void
}

/** Longest delay of a Node timer, in milliseconds: about 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** This machine's timers. A longer time than Node's longest timer, about 24 days, ends after those 24 days. */
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
 * Makes work abortable: resolves or rejects as `start` says, or rejects with the signal's reason as soon as it aborts.
 * If it has aborted already, `start` is not called.
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
