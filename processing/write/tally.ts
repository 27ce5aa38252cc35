/** Counts of the work done on a day so far: the work adds to them, reports of progress read them. */
export interface Tally {
  /** Raw objects that are completely processed; parts, for a consolidation. */
  files: number
  /** Records read, valid or not. */
  records: number
  /** Rows made. */
  rows: number
  /** Records rejected. */
  rejected: number
  /** Stored bytes processed. */
  bytes: number
}

/** Returns counts that are all 0. */
export function newTally(): Tally {
  return { files: 0, records: 0, rows: 0, rejected: 0, bytes: 0 }
}
