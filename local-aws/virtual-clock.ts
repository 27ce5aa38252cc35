import type { AdvancingClock } from './clock.ts'
import type { Timers } from './timers.ts'

/**
 * A clock for simulations. While any work runs it stands still; when only waits are left, it jumps to the end of the
 * earliest one. So hours of waiting pass in an instant, and work takes no time on this clock.
 */
export interface VirtualClock extends AdvancingClock, Timers {
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Keeps the clock still until `work` has ended, and resolves or rejects as it does. */
  during<T>(work: Promise<T>): Promise<T>
  /**
   * Makes work appear to take that many milliseconds of this clock, however long it really takes. Meanwhile other waits
   * can end, but the clock does not pass the work's apparent end before the work has really ended. Resolves or rejects
   * at the apparent end.
   */
  taking<T>(milliseconds: number, work: Promise<T>): Promise<T>
  /** Sleeps inside work that was passed to `during`. Only for this time, that work does not keep the clock still. */
  rest(milliseconds: number, signal?: AbortSignal): Promise<void>
  /**
   * Does the same as `Timers.limit`, in this clock's time. If only limits are left to wait for, the clock stands still:
   * they never expire just because everything else has ended.
   */
  limit(milliseconds: number, expired: () => void): () => void
}

/** Start of a {@link VirtualClock}. */
export interface VirtualClockOptions {
  /** Time that the clock shows at first, in milliseconds since 1970. */
  readonly start: number
}

interface Sleeper {
  readonly at: number
  readonly isLimit: boolean
  readonly wake: () => void
}

/** Quiet turns of the event loop until nothing counts as working: work that follows an answer may start turns later. */
const QUIET_TURNS = 4

/** Creates a clock that shows `start` until it first jumps. */
export function virtualClock({ start }: VirtualClockOptions): VirtualClock {
  const sleepers = new Set<Sleeper>()
  /** Ends of the work of `taking` that still runs. */
  const ends = new Set<{ readonly at: number }>()
  let now = start
  let working = 0
  /** Counts everything that happens. */
  let news = 0
  let isLooking = false

  const look = () => {
    news += 1
    if (isLooking) return
    isLooking = true
    wait(QUIET_TURNS, news)
  }
  const wait = (turns: number, known: number): void => {
    setImmediate(() => {
      if (news !== known) return wait(QUIET_TURNS, news)
      if (turns > 1) return wait(turns - 1, known)
      isLooking = false
      if (working === 0 && [...sleepers].some(({ isLimit }) => !isLimit)) jump()
    })
  }
  /** Jumps to the earliest sleeper or limit: a limit may expire on the way. */
  const jump = () => {
    let next = Infinity
    for (const { at } of sleepers) next = Math.min(next, at)
    if ([...ends].every(({ at }) => at > next)) wakeUntil(next)
  }
  const wakeUntil = (time: number) => {
    now = Math.max(now, time)
    const due = [...sleepers].filter(({ at }) => at <= now).sort((one, other) => one.at - other.at)
    for (const sleeper of due) {
      sleepers.delete(sleeper)
      sleeper.wake()
    }
    look()
  }
  const add = (milliseconds: number, wake: () => void, isLimit = false) => {
    const sleeper = { at: now + milliseconds, isLimit, wake }
    sleepers.add(sleeper)
    look()
    return () => void (sleepers.delete(sleeper) && look())
  }

  async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (milliseconds <= 0) return
    await new Promise<void>((resolve) => {
      const wake = () => {
        stop()
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const stop = add(milliseconds, wake)
      signal?.addEventListener('abort', wake)
    })
    signal?.throwIfAborted()
  }
  const work = (change: number) => {
    working += change
    look()
  }

  return {
    now: () => now,
    get ahead() {
      return now - Date.now()
    },
    get sleepers() {
      return [...sleepers].filter(({ isLimit }) => !isLimit).length
    },
    advance: (milliseconds) => {
      wakeUntil(now + milliseconds)
    },
    sleep,
    limit: (milliseconds, expired) => add(milliseconds, expired, true),
    async during(promise) {
      work(1)
      try {
        return await promise
      } finally {
        work(-1)
      }
    },
    async taking(milliseconds, promise) {
      const end = { at: now + milliseconds }
      ends.add(end)
      try {
        return await promise
      } finally {
        ends.delete(end)
        await sleep(end.at - now)
        look()
      }
    },
    async rest(milliseconds, signal) {
      work(-1)
      try {
        await sleep(milliseconds, signal)
      } finally {
        work(1)
      }
    },
  }
}
