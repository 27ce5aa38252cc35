/** Counts of the work done on a day so far. The job adds up here, and its progress is reported from here. */
export interface Tally {
  files: number
  records: number
  rows: number
  rejected: number
  bytes: number
}

/** Returns a tally of nothing. */
export function newTally(): Tally {
  return { files: 0, records: 0, rows: 0, rejected: 0, bytes: 0 }
}
