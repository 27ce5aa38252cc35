/** How many requests a second S3 takes of this program, as far as its answers tell. */
export interface AdaptiveRate {
  /** Takes a place among the requests. Milliseconds to wait for it: 0 for as long as S3 throttles nothing. */
  take(): number
  succeeded(): void
  throttled(): void
}

/** Throttled answers within a second that are more than chance: a single one says nothing of a rate. */
const MANY = 5
/** What they leave of the rate. */
const DECREASE = 0.7
/** What a second without them adds, as a share of the rate that was last found too high. */
const INCREASE = 0.05
/** Requests a second that it adds at least, and that are always asked for. */
const LEAST_INCREASE = 20
const LEAST = 10
/** Answers within this time belong to requests that were sent before the last decrease. */
const SETTLE_MS = 500
/** So long without a decrease, and there is no limit again. */
const FORGET_MS = 60_000
/** Timers are no finer: places that are closer are taken together. */
const GRAIN_MS = 4
const WINDOW_MS = 1000

/**
 * Additive increase, multiplicative decrease of the requests a second, shared by all connections: S3 serves 5,500 reads
 * a second and prefix, which all jobs share, and splits a prefix only gradually.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 *
 * @param now milliseconds
 */
export function adaptiveRate(now: () => number): AdaptiveRate {
  let rate = Infinity
  let tooHigh = 0
  let decreasedAt = -Infinity
  let raisedAt = 0
  let nextAt = 0
  let window = { since: now(), served: 0, throttled: 0 }
  let servedBefore = 0

  function windowAt(time: number) {
    const age = time - window.since
    if (age > WINDOW_MS) {
      servedBefore = age > 2 * WINDOW_MS ? 0 : window.served
      window = { since: time, served: 0, throttled: 0 }
    }
    return window
  }

  function raise(time: number): void {
    if (time - decreasedAt > FORGET_MS) rate = Infinity
    else rate += ((time - raisedAt) / 1000) * Math.max(INCREASE * tooHigh, LEAST_INCREASE)
    raisedAt = time
  }

  return {
    take() {
      if (rate === Infinity) return 0
      const time = now()
      raise(time)
      const at = Math.max(time, nextAt)
      nextAt = at + 1000 / rate
      return at - time < GRAIN_MS ? 0 : at - time
    },
    succeeded() {
      windowAt(now()).served++
    },
    throttled() {
      const time = now()
      const { since, served } = windowAt(time)
      window.throttled++
      if (window.throttled < MANY || time - decreasedAt < SETTLE_MS) return
      const servedRate = Math.max(served / (Math.max(time - since, 100) / 1000), servedBefore)
      tooHigh = Math.min(rate, servedRate)
      rate = Math.max(LEAST, DECREASE * tooHigh)
      window.throttled = 0
      decreasedAt = raisedAt = nextAt = time
    },
  }
}
