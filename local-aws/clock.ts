import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Clock by which the services of the local AWS date what they store and answer, and by which they wait. It may show
 * another time than this machine's clock.
 */
export interface Clock {
  /** Returns the current time in milliseconds since 1970. */
  now(): number
  /** Milliseconds by which this clock is ahead of this machine's clock now; negative if it is behind. */
  readonly ahead: number
  /**
   * Resolves when this clock has advanced by `milliseconds`; at once for 0 or less.
   *
   * @throws the signal's reason if it aborts first
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** A clock that a caller can make jump ahead, so that waits of hours end at once. */
export interface AdvancingClock extends Clock {
  /** Jumps ahead by that many milliseconds, then ends every `sleep` that is due by then. */
  advance(milliseconds: number): void
  /** Number of calls of `sleep` that have not resolved yet. */
  readonly sleepers: number
}

/** This machine's clock, which never jumps. */
export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  ahead: 0,
  sleep: async (milliseconds, signal) => void (await sleep(milliseconds, undefined, signal && { signal })),
}

/** Start of an {@link AdvancingClock}, and a hook that lets a caller store its jumps. */
export interface AdvancingClockOptions {
  /** Milliseconds by which the clock is ahead of this machine's before its first jump. @default 0 */
  readonly ahead?: number
  /** Called before each jump with the milliseconds by which the clock is then ahead. @default no call */
  readonly onAdvance?: (ahead: number) => void
}

/** A timer holds no more than 31 bits: about 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Creates a clock that shows this machine's time plus `options.ahead`, and runs on with it between jumps. */
export function advancingClock(options: AdvancingClockOptions = {}): AdvancingClock {
  let ahead = options.ahead ?? 0
  const sleepers = new Set<() => void>()
  const now = () => Date.now() + ahead
  return {
    now,
    get ahead() {
      return ahead
    },
    get sleepers() {
      return sleepers.size
    },
    advance(milliseconds) {
      if (milliseconds === 0) return
      options.onAdvance?.(ahead + milliseconds)
      ahead += milliseconds
      for (const look of sleepers) look()
    },
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted()
      if (milliseconds <= 0) return
      const until = now() + milliseconds
      await new Promise<void>((resolve) => {
        let timer: NodeJS.Timeout | undefined
        const look = () => {
          clearTimeout(timer)
          const left = until - now()
          if (left > 0 && signal?.aborted !== true) {
            timer = setTimeout(look, Math.min(left, LONGEST_TIMER_MS))
            return
          }
          sleepers.delete(look)
          signal?.removeEventListener('abort', look)
          resolve()
        }
        sleepers.add(look)
        signal?.addEventListener('abort', look)
        look()
      })
      signal?.throwIfAborted()
    },
  }
}
