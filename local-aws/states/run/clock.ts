/** Longest delay that a Node timer takes, in milliseconds: about 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Resolves after `ms`, or rejects with the signal's reason as soon as it aborts.
 */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return abortable(signal, (resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, MAX_TIMER_MS))
    return () => {
      clearTimeout(timer)
    }
  })
}

/** The promise, or the signal's reason as soon as it aborts: what the promise stands for goes on. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return abortable(signal, (resolve, reject) => {
    promise.then(resolve, reject)
    return () => undefined
  })
}

/**
 * A signal that aborts with `reason` after `seconds`, or with the outer signal.
 *
 * @returns the signal and what to call when it is no longer needed
 */
export function deadline(
  seconds: number,
  outer: AbortSignal,
  reason: () => Error,
): [AbortSignal, () => void] {
  const controller = new AbortController()
  const timer = setTimeout(
    () => {
      controller.abort(reason())
    },
    Math.min(seconds * 1000, MAX_TIMER_MS),
  )
  const done = () => {
    clearTimeout(timer)
  }
  return [AbortSignal.any([outer, controller.signal]), done]
}

function abortable<T>(
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
