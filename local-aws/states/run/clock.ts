import { abortable, type Timers } from '../../timers.ts'

/**
 * Waits for a promise, but no longer than until the signal aborts; then it rejects with the signal's reason. The
 * promised work itself is not stopped.
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return abortable(signal, (resolve, reject) => {
    promise.then(resolve, reject)
    return () => undefined
  })
}

/**
 * Creates the signal for work with a time limit: it aborts with the error from `reason` when the time is over, or
 * together with `outer`.
 *
 * @returns the signal, and a function that cancels the time limit, to call when the work has ended
 */
export function deadline(
  timers: Timers,
  seconds: number,
  outer: AbortSignal,
  reason: () => Error,
): [AbortSignal, () => void] {
  const controller = new AbortController()
  const done = timers.limit(seconds * 1000, () => {
    controller.abort(reason())
  })
  return [AbortSignal.any([outer, controller.signal]), done]
}
