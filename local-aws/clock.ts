import { setTimeout as sleep } from 'node:timers/promises'

/** The time that the services of a home tell and keep. It may be ahead of this machine's. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds that it is ahead of this machine's clock. */
  readonly ahead: number
  /**
   * Resolves when so many milliseconds have passed on this clock.
   *
   * @throws the signal's reason when it aborts meanwhile
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** A clock that runs as this machine's does and can be told to jump ahead. */
export interface AdvancingClock extends Clock {
  /** Jumps ahead: who sleeps no longer than that wakes up. */
  advance(milliseconds: number): void
  /** How many sleep on it now. */
  readonly sleepers: number
}

/** This machine's clock. */
export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  ahead: 0,
  sleep: async (milliseconds, signal) => void (await sleep(milliseconds, undefined, signal && { signal })),
}

export interface AdvancingClockOptions {
  /** Milliseconds that it is ahead from the beginning. @default 0 */
  readonly ahead?: number
  /** Told by how much it is ahead, before anybody else sees it. @default nobody */
  readonly onAdvance?: (ahead: number) => void
}

/** A timer holds no more than 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** A clock that begins with this machine's time. */
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
