import type { Call } from '../services/call.ts'

/** Seconds per step of time. By each step, a function or query that may not live as long has ended or crashed. */
export const STEP_SECONDS = 1000
/** Most seconds of a query: one step of time may pass while it runs. */
export const QUERY_SECONDS = 1900
/** Seconds of grace, longer than a query: it is over after two steps. */
export const GRACE_SECONDS = 1960

/** Most seconds of a function, and the lease of its intents, which is longer. */
export interface Pace {
  readonly functionSeconds: number
  readonly leaseSeconds: number
}

/** No step of time passes while a function runs; a lease is over after one. */
export const QUICK: Pace = { functionSeconds: 900, leaseSeconds: 960 }
/** One step of time may pass while a function runs; a lease is over after two. */
export const SLOW: Pace = { functionSeconds: 1900, leaseSeconds: 1960 }

/** Returns a call that lets time pass and does nothing else. */
export const timePasses = (seconds: number): Call => ({
  name: 'time',
  subject: '',
  reads: [],
  writes: [],
  run(world) {
    const now = world.now + seconds
    return { world: { ...world, now }, id: '', words: '', date: now, give: () => undefined }
  },
})
