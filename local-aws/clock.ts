import { setTimeout as sleep } from 'node:timers/promises'

/** The clock that services answer and store times by. It may be ahead of this machine's. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds by which it is ahead of this machine's clock. */
  readonly ahead: number
  /**
   * Resolves after that many milliseconds of this clock.
   *
   * @throws the signal's reason if it aborts first
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** A clock that runs with this machine's and can be made to jump ahead. */
export interface AdvancingClock extends Clock {
  /** Jumps ahead and wakes every sleeper whose time has then come. */
  advance(milliseconds: number): void
  /** Number of sleeps that are pending now. */
  readonly sleepers: number
}

/** This machine's clock. */
export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  ahead: 0,
  sleep: async (milliseconds, signal) => void (await sleep(milliseconds, undefined, signal && { signal })),
}

/** How a clock that can jump begins, and who hears of its jumps. */
export interface AdvancingClockOptions {
  /** Milliseconds by which it is ahead at first. @default 0 */
  readonly ahead?: number
  /** Called before each jump with the milliseconds by which the clock is then ahead. @default no call */
  readonly onAdvance?: (ahead: number) => void
}

/** A timer holds no more than 31 bits: about 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Returns a clock that shows this machine's time plus `options.ahead`. */
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
