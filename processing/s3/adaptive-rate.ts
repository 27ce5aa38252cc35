/** Limit of requests per second that S3 accepts from this program, learnt from its answers. */
export interface AdaptiveRate {
  /**
   * Reserves a time for the next request. Returns the milliseconds to wait before sending it; 0 while there is no
   * limit.
   */
  take(): number
  /** Call it for each request that S3 has answered without an error. */
  succeeded(): void
  /** Call it for each request that S3 has throttled. */
  throttled(): void
}

/** Throttled answers per second that are more than chance: a single one says nothing of a rate. */
const MANY = 5
/** Share of the rate that they leave. */
const DECREASE = 0.7
/** Growth of the rate per second without them, as a share of the rate that was last found too high. */
const INCREASE = 0.05
/** Minimum growth, and minimum rate, in requests per second. */
const LEAST_INCREASE = 20
const LEAST = 10
/** Throttled answers within this time after a decrease belong to requests that were sent before it. */
const SETTLE_MS = 500
/** Time without a decrease after which there is no limit again. */
const FORGET_MS = 60_000
/** Resolution of timers: requests that are closer are sent together. */
const GRAIN_MS = 4
const WINDOW_MS = 1000

/** Order of the numbers of a rate in its memory, after its lock. */
const NUMBERS = [
  'rate',
  'tooHigh',
  'decreasedAt',
  'raisedAt',
  'nextAt',
  'since',
  'served',
  'throttled',
  'servedBefore',
] as const
type State = Record<(typeof NUMBERS)[number], number>
const LOCK_BYTES = 8

/**
 * Makes the memory of an {@link AdaptiveRate}, which several threads can share. It begins without a limit.
 *
 * @param now returns the time in milliseconds, the same for all threads
 */
export function rateMemory(now: () => number = sharedNow): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(LOCK_BYTES + NUMBERS.length * 8)
  Object.assign(stateIn(memory), { rate: Infinity, decreasedAt: -Infinity, since: now() })
  return memory
}

/** Returns the time in milliseconds by a clock that all threads of a process share. */
export const sharedNow = () => performance.timeOrigin + performance.now()

/** Returns the numbers in a rate's memory under their names. */
function stateIn(memory: SharedArrayBuffer): State {
  const numbers = new Float64Array(memory, LOCK_BYTES)
  const state = {}
  for (const [index, name] of NUMBERS.entries()) {
    Object.defineProperty(state, name, {
      get: () => numbers[index],
      set: (value: number) => void (numbers[index] = value),
    })
  }
  return state as State
}

/**
 * Returns a function that runs work while no other thread does. Work takes well under a microsecond, so that nobody
 * waits for long.
 */
function locking(memory: SharedArrayBuffer) {
  const lock = new Int32Array(memory, 0, 1)
  return <T>(work: () => T): T => {
    while (Atomics.compareExchange(lock, 0, 0, 1) !== 0) Atomics.wait(lock, 0, 1, 1)
    try {
      return work()
    } finally {
      Atomics.store(lock, 0, 0)
    }
  }
}

/**
 * Makes a limit of requests per second that S3's answers adjust: throttling lowers it, time without throttling raises
 * it, and after a minute it is lifted. All connections share it, including those of other threads with the same memory.
 * S3 serves 5,500 reads per second for each prefix, which all jobs share, and splits a prefix only gradually.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 *
 * @param now returns the time in milliseconds
 */
export function adaptiveRate(now: () => number, memory = rateMemory(now)): AdaptiveRate {
  const state = stateIn(memory)
  const alone = locking(memory)

  function openWindow(time: number): void {
    const age = time - state.since
    if (age <= WINDOW_MS) return
    state.servedBefore = age > 2 * WINDOW_MS ? 0 : state.served
    state.since = time
    state.served = state.throttled = 0
  }

  function raise(time: number): void {
    if (time - state.decreasedAt > FORGET_MS) state.rate = Infinity
    else state.rate += ((time - state.raisedAt) / 1000) * Math.max(INCREASE * state.tooHigh, LEAST_INCREASE)
    state.raisedAt = time
  }

  function takePlace(): number {
    const time = now()
    raise(time)
    const at = Math.max(time, state.nextAt)
    state.nextAt = at + 1000 / state.rate
    return at - time < GRAIN_MS ? 0 : at - time
  }

  function lower(): void {
    const time = now()
    openWindow(time)
    state.throttled++
    if (state.throttled < MANY || time - state.decreasedAt < SETTLE_MS) return
    const sinceMs = Math.max(time - state.since, 100)
    const servedRate = Math.max(state.served / (sinceMs / 1000), state.servedBefore)
    state.tooHigh = Math.min(state.rate, servedRate)
    state.rate = Math.max(LEAST, DECREASE * state.tooHigh)
    state.throttled = 0
    state.decreasedAt = state.raisedAt = state.nextAt = time
  }

  return {
    take: () => (state.rate === Infinity ? 0 : alone(takePlace)),
    succeeded: () =>
      alone(() => {
        openWindow(now())
        state.served++
      }),
    throttled: () => alone(lower),
  }
}
