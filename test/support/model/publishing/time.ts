import type { Call } from '../services/call.ts'

/** How time passes: in steps, at each of which a function or query that may not live so long has ended or crashed. */
export const STEP_SECONDS = 1000
/** Time may pass once while a query runs. */
export const QUERY_SECONDS = 1900
/** Longer than a query: it is over when time has passed twice. */
export const GRACE_SECONDS = 1960

/** How long a function may take, and the lease of what it writes, which is longer. */
export interface Pace {
  readonly functionSeconds: number
  readonly leaseSeconds: number
}

/** Time does not pass while a function runs; a lease is over when time has passed once. */
export const QUICK: Pace = { functionSeconds: 900, leaseSeconds: 960 }
/** Time may pass once while a function runs; a lease is over when time has passed twice. */
export const SLOW: Pace = { functionSeconds: 1900, leaseSeconds: 1960 }

/** Time that passes while nobody else does anything. */
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
