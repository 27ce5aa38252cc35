/**
 * Seconds that a worker has spent in each phase. Fine phases are timed on a sample of records, so that reading the
 * clock costs nothing.
 *
 * The clock is read inline in the loops over lines, rows and pages: a `timed(phase, work)` around each step would make
 * a closure per record and hide the step from the compiler that inlines it.
 */
export interface PhaseClock {
  /** Seconds by phase since they were last reset; those of `compress` are filled in from `compressSeconds`. */
  readonly seconds: Record<'parse' | 'extract' | 'encode' | 'compress' | 'inflate', number>
  /** Seconds of compression so far, as encoders count them. */
  compressSeconds: number
}

/** Number of records of which one is timed. */
export const SAMPLE = 64

/** Makes a clock with all phases at 0. */
export function phaseClock(): PhaseClock {
  return { seconds: { parse: 0, extract: 0, encode: 0, compress: 0, inflate: 0 }, compressSeconds: 0 }
}
