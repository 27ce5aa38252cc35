import type { AdvancingClock } from './clock.ts'
import type { Timers } from './timers.ts'

/**
 * A clock that stands still while anything works and jumps to the next waking when nothing does: hours of waiting take
 * no time, and what works takes none of its own.
 */
export interface VirtualClock extends AdvancingClock, Timers {
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Stands still until the work has ended. */
  during<T>(work: Promise<T>): Promise<T>
  /**
   * Work that takes so many milliseconds of this clock, whatever it takes in truth: the clock goes on meanwhile, but
   * not past the work's end before it has ended. Resolves or rejects at that end.
   */
  taking<T>(milliseconds: number, work: Promise<T>): Promise<T>
  /** Sleeps within what it stands still for, which does not keep the clock still meanwhile. */
  rest(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** As that of all timers. The clock never jumps for the sake of limits alone. */
  limit(milliseconds: number, expired: () => void): () => void
}

export interface VirtualClockOptions {
  /** Milliseconds since 1970. */
  readonly start: number
}

interface Sleeper {
  readonly at: number
  readonly isLimit: boolean
  readonly wake: () => void
}

/** Turns of the event loop without news until nothing works: what follows an answer has no turn of its own. */
const QUIET_TURNS = 4

/** A clock that begins at `start`. */
export function virtualClock({ start }: VirtualClockOptions): VirtualClock {
  const sleepers = new Set<Sleeper>()
  /** When work ends that has not ended yet. */
  const ends = new Set<{ readonly at: number }>()
  let now = start
  let working = 0
  /** Grows with everything that happens. */
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
  /** To the earliest of all: a limit may expire on the way. */
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
