import type { ErrorCode } from './errors.ts'

/** What an error says of another try. */
interface FailureMeaning {
  /** Whether the state machine tries again at once: the call of a function, or the job under a new name. */
  readonly isWorthAnotherTry: boolean
  /** Whether a day fails so again as long as its raw files, feature code and settings are the same. */
  readonly lasts: boolean
}

const LASTS: FailureMeaning = { isWorthAnotherTry: false, lasts: true }
/** Not the day's fault: the next run tries it again. */
const PASSES: FailureMeaning = { isWorthAnotherTry: false, lasts: false }
/** Ends within minutes. */
const PASSES_SOON: FailureMeaning = { isWorthAnotherTry: true, lasts: false }

/** What each error that is raised on purpose says of another try: a code that is not named here does not compile. */
export const FAILURES: Readonly<Record<ErrorCode, FailureMeaning>> = {
  InvalidInput: PASSES,
  InvalidConfiguration: PASSES,
  InvalidDataset: LASTS,
  UnknownDataset: PASSES,
  TooManyDays: PASSES,
  // What a run has written for itself: the next one writes it anew.
  CorruptState: PASSES,
  // A deployment was under way.
  FeatureVersionMismatch: PASSES,
  ColumnsMismatch: LASTS,
  TableGone: PASSES,
  AccountingMismatch: LASTS,
  RejectedRatioExceeded: LASTS,
  ChecksFailed: LASTS,
  UnreadableObjects: LASTS,
  EmptyPrefix: LASTS,
  DamagedDay: LASTS,
  // Said to readers alone.
  DaysMissing: PASSES,
  MixedFeatureCode: PASSES,
  DaysMoved: PASSES,
  RawObjectChanged: PASSES,
  StagingGone: PASSES,
  WorkerDied: LASTS,
  JobFailed: LASTS,
  // Another execution empties a folder of the day: that ends.
  CatalogBusy: PASSES_SOON,
  S3Throttled: PASSES_SOON,
  QueryFailed: PASSES,
  NotImplemented: LASTS,
}

/** Codes of errors that the state machine tries again at once. */
export const WORTH_ANOTHER_TRY = codesWhere(({ isWorthAnotherTry }) => isWorthAnotherTry)
/** Codes of errors that it does not try again. */
export const NOT_WORTH_ANOTHER_TRY = codesWhere(({ isWorthAnotherTry }) => !isWorthAnotherTry)

function codesWhere(holds: (meaning: FailureMeaning) => boolean): ErrorCode[] {
  return (Object.keys(FAILURES) as ErrorCode[]).filter((code) => holds(FAILURES[code]))
}
