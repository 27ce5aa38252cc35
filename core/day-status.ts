/** Meaning of a dataset-day's outcome for later runs. */
interface StatusMeaning {
  /** True if the day becomes outstanding, false if it stops being so. @default it stays as it was */
  readonly isOutstanding?: boolean
  /**
   * True if the execution worked on the day or found nothing to do, so that the day leaves the queue `state/_again/`.
   */
  readonly isDealtWith: boolean
}

/** All outcomes that a dataset-day can have in an execution, with their effect on later runs. */
export const DAY_STATUSES = {
  /** A new generation of the day was published. */
  published: { isOutstanding: false, isDealtWith: true },
  /** Nothing was to be done: the published rows are up to date. */
  unchanged: { isOutstanding: false, isDealtWith: true },
  /** The day has no raw files to read. */
  empty: { isOutstanding: false, isDealtWith: true },
  /** Another execution works on the day. */
  busy: { isDealtWith: false },
  /** The mode is `failed` or `accept`, and the day's last attempt has not failed. */
  'not-failed': { isDealtWith: false },
  /** Dry run only: a real run would work on the day. */
  planned: { isDealtWith: false },
  /** The execution's input did not cover the day. It was only moved closer to its ordinary folder. */
  tended: { isDealtWith: false },
  /** The work on the day, or a check of its rows, ended with an error. */
  failed: { isOutstanding: true, isDealtWith: true },
  /** Not tried: raw files, feature code and settings are the same as when the day failed. */
  stuck: { isOutstanding: true, isDealtWith: true },
  /** Not worked on: the table's columns have other types, and belong to another release. */
  superseded: { isOutstanding: true, isDealtWith: true },
  /** Left alone: its last attempt failed, and somebody has accepted that. */
  accepted: { isOutstanding: false, isDealtWith: true },
} as const satisfies Record<string, StatusMeaning>

/** Name of a dataset-day's outcome in one execution, such as `published` or `stuck`. */
export type DayStatus = keyof typeof DAY_STATUSES

/**
 * True if a day with that status waits for a person or for another release, false if it no longer does; undefined if
 * the status leaves that as it was.
 */
export const isOutstanding = (status: DayStatus): boolean | undefined =>
  (DAY_STATUSES[status] as StatusMeaning).isOutstanding
