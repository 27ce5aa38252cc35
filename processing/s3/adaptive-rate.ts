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

/** Where the numbers of a rate stand in its memory, behind its lock. */
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

/** Memory of a rate that several threads share. */
export function rateMemory(now: () => number = sharedNow): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(LOCK_BYTES + NUMBERS.length * 8)
  Object.assign(stateIn(memory), { rate: Infinity, decreasedAt: -Infinity, since: now() })
  return memory
}

/** Milliseconds, on a clock that the threads of a process share. */
export const sharedNow = () => performance.timeOrigin + performance.now()

/** The numbers in a rate's memory under their names. */
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

/** Runs work that no other thread runs meanwhile. It takes well under a microsecond, so nobody waits for long. */
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
 * Additive increase, multiplicative decrease of the requests a second, shared by all connections, also those of other
 * threads with the same memory: S3 serves 5,500 reads a second and prefix, which all jobs share, and splits a prefix
 * only gradually.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 *
 * @param now milliseconds
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
