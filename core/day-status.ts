/** What an outcome of a dataset-day means to those that come after. */
interface StatusMeaning {
  /** Whether the day is outstanding from then on, or no longer; undefined: as it was before. */
  readonly isOutstanding?: boolean
  /** Whether the execution has worked on the day, or found that there is nothing to work on. */
  readonly isDealtWith: boolean
}

/** What may become of a dataset-day. */
export const DAY_STATUSES = {
  published: { isOutstanding: false, isDealtWith: true },
  unchanged: { isOutstanding: false, isDealtWith: true },
  /** There are no raw files. */
  empty: { isOutstanding: false, isDealtWith: true },
  /** Another execution works on it. */
  busy: { isDealtWith: false },
  /** Its last attempt has not failed. */
  'not-failed': { isDealtWith: false },
  /** A dry run would work on it. */
  planned: { isDealtWith: false },
  /** Not asked for: taken closer to its home, and nothing else. */
  tended: { isDealtWith: false },
  failed: { isOutstanding: true, isDealtWith: true },
  /** Not tried: it would fail as it did, since raw files, feature code and settings are the same. */
  stuck: { isOutstanding: true, isDealtWith: true },
  /** Not worked on: the table has columns of other types, which another release publishes. */
  superseded: { isOutstanding: true, isDealtWith: true },
  /** Left as its last attempt has failed, which somebody has accepted. */
  accepted: { isOutstanding: false, isDealtWith: true },
} as const satisfies Record<string, StatusMeaning>

/** What became of a dataset-day. */
export type DayStatus = keyof typeof DAY_STATUSES

/** Whether a day with that status waits for a person, or for another release; undefined: it says nothing of that. */
export const isOutstanding = (status: DayStatus): boolean | undefined =>
  (DAY_STATUSES[status] as StatusMeaning).isOutstanding
