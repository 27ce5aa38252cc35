import { abortable, type Timers } from '../../timers.ts'

/** Settles as the promise does, or rejects with the signal's reason as soon as it aborts; the work goes on. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return abortable(signal, (resolve, reject) => {
    promise.then(resolve, reject)
    return () => undefined
  })
}

/**
 * Makes a signal that aborts with `reason` after `seconds`, or with the outer signal.
 *
 * @returns the signal, and a function to call when it is no longer needed
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
