import { setTimeout as sleep } from 'node:timers/promises'
import { advancingClock, type Clock } from '@dayfold/local-aws/clock'

/** Seconds per step of time. */
export const STEP_SECONDS = 20

/** Activity that goes on while time passes. */
export interface Company {
  /** Called before each step. */
  beforeStep(): void
  /** Number of queries that are running. */
  running(): number
  /** True if no query is running, and none is still to be asked. */
  isOver(): boolean
}

/** Time that passes only when it is told to, and no faster than queries can follow. */
export interface Pace {
  readonly clock: Clock
  /** The same clock for the queries, which counts how many of them wait on it. */
  readonly queryClock: Clock
  /** Lets time pass in steps. Calls wait for one another. */
  pass(seconds: number): Promise<void>
  /** Lets time pass in steps until all queries are over, then the rest of it at once. */
  outlast(seconds: number): Promise<void>
}

/** Opens a pace with a clock of its own. */
export function openPace(company: Company): Pace {
  const clock = advancingClock()
  let waiting = 0
  let last = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => (last = last.then(work))

  /** Waits until every query has gone on as far as it can. */
  async function settled(): Promise<void> {
    do await sleep(1)
    while (company.running() > waiting)
  }

  async function step(seconds: number): Promise<void> {
    company.beforeStep()
    await settled()
    clock.advance(seconds * 1000)
    await settled()
  }

  async function pass(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= STEP_SECONDS) await step(Math.min(left, STEP_SECONDS))
  }

  async function outlast(seconds: number): Promise<void> {
    const until = clock.now() + seconds * 1000
    while (!company.isOver()) await step(STEP_SECONDS)
    clock.advance(Math.max(0, until - clock.now()))
  }

  return {
    clock,
    queryClock: {
      now: () => clock.now(),
      get ahead() {
        return clock.ahead
      },
      async sleep(milliseconds, signal) {
        waiting += 1
        try {
          await clock.sleep(milliseconds, signal)
        } finally {
          waiting -= 1
        }
      },
    },
    pass: (seconds) => inTurn(() => pass(seconds)),
    outlast: (seconds) => inTurn(() => outlast(seconds)),
  }
}
