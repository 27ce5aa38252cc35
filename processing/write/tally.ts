/** What has been done of a day so far. Whoever works on it adds up here, and its progress is reported from here. */
export interface Tally {
  files: number
  records: number
  rows: number
  rejected: number
  bytes: number
}

/** A tally before anything is done. */
export function newTally(): Tally {
  return { files: 0, records: 0, rows: 0, rejected: 0, bytes: 0 }
}
