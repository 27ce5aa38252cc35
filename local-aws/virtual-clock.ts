import type { AdvancingClock } from './clock.ts'
import type { Timers } from './timers.ts'

/**
 * A clock that stands still while anything works and jumps to the next wake-up when nothing does: hours of waiting take
 * no time, and work takes none of the clock's.
 */
export interface VirtualClock extends AdvancingClock, Timers {
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Stands still until `work` has ended. */
  during<T>(work: Promise<T>): Promise<T>
  /**
   * Runs work that takes that many milliseconds of this clock, however long it really takes. The clock goes on
   * meanwhile, but not past the work's end before it has really ended. Resolves or rejects at that end.
   */
  taking<T>(milliseconds: number, work: Promise<T>): Promise<T>
  /** Sleeps inside work of `during`, which does not hold the clock still meanwhile. */
  rest(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** As `Timers.limit`, on this clock. The clock never jumps for limits alone. */
  limit(milliseconds: number, expired: () => void): () => void
}

/** Time at which a virtual clock begins. */
export interface VirtualClockOptions {
  /** Milliseconds since 1970. */
  readonly start: number
}

interface Sleeper {
  readonly at: number
  readonly isLimit: boolean
  readonly wake: () => void
}

/** Quiet turns of the event loop until nothing counts as working: work that follows an answer may start turns later. */
const QUIET_TURNS = 4

/** Returns a clock that shows `start` until it first jumps. */
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
