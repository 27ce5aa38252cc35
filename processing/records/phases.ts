/**
 * Seconds that a worker has spent in each phase. `parse` and `extract` are measured on one record of {@link SAMPLE} and
 * multiplied, so that reading the clock costs little.
 *
 * Loops over records read the clock inline: a callback for each step would allocate a closure per record and prevent
 * inlining.
 */
export interface PhaseClock {
  /** Seconds by phase since the last reset. `compress` is set from `compressSeconds` before each report. */
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
