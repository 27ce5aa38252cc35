import type { ErrorCode } from './errors.ts'

/** Says whether another try after an error makes sense. */
interface FailureMeaning {
  /** True if the state machine retries at once: the function call, or the job under a new name. */
  readonly isWorthAnotherTry: boolean
  /** True if the day will fail again while its raw files, feature code and settings stay the same. */
  readonly lasts: boolean
}

const LASTS: FailureMeaning = { isWorthAnotherTry: false, lasts: true }
/** The day is not to blame: the next run tries it again. */
const PASSES: FailureMeaning = { isWorthAnotherTry: false, lasts: false }
/** The cause is gone within minutes. */
const PASSES_SOON: FailureMeaning = { isWorthAnotherTry: true, lasts: false }

/**
 * Says for each error code whether the state machine retries at once, and whether the day would fail again unchanged. A
 * code that is missing here does not compile.
 */
export const FAILURES: Readonly<Record<ErrorCode, FailureMeaning>> = {
  InvalidInput: PASSES,
  InvalidConfiguration: PASSES,
  InvalidDataset: LASTS,
  UnknownDataset: PASSES,
  TooManyDays: PASSES,
  // Documents that a run writes for itself are written anew by the next one.
  CorruptState: PASSES,
  // Happens while a deployment is under way.
  FeatureVersionMismatch: PASSES,
  ColumnsMismatch: LASTS,
  TableGone: PASSES,
  AccountingMismatch: LASTS,
  RejectedRatioExceeded: LASTS,
  ChecksFailed: LASTS,
  UnreadableObjects: LASTS,
  EmptyPrefix: LASTS,
  DamagedDay: LASTS,
  // These three are thrown to readers only.
  DaysMissing: PASSES,
  MixedFeatureCode: PASSES,
  DaysMoved: PASSES,
  RawObjectChanged: PASSES,
  StagingGone: PASSES,
  WorkerDied: LASTS,
  JobFailed: LASTS,
  // Another execution is emptying a folder of the day, and will finish soon.
  CatalogBusy: PASSES_SOON,
  S3Throttled: PASSES_SOON,
  QueryFailed: PASSES,
  NotImplemented: LASTS,
}

/** Codes of errors after which the state machine retries at once: the function call, or the job under a new name. */
export const WORTH_ANOTHER_TRY = codesWhere(({ isWorthAnotherTry }) => isWorthAnotherTry)
/** Codes of errors after which the state machine does not retry. */
export const NOT_WORTH_ANOTHER_TRY = codesWhere(({ isWorthAnotherTry }) => !isWorthAnotherTry)

function codesWhere(holds: (meaning: FailureMeaning) => boolean): ErrorCode[] {
  return (Object.keys(FAILURES) as ErrorCode[]).filter((code) => holds(FAILURES[code]))
}
