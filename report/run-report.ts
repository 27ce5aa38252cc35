import type { CheckResult } from '../core/checks.ts'
import type { Drift } from '../core/drift.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import type { Totals } from '../core/manifest.ts'
import type { DayOutcome, RunCost, Summary } from '../core/messages.ts'
import type { ColumnProfile } from '../core/profile.ts'
import type { Reject } from '../core/rejects.ts'

/** All data on the page of an execution. Equal data gives equal bytes of HTML. */
export interface RunReport {
  /** The summary of the execution. */
  readonly summary: Summary
  /** ISO time at which the ledger was read. */
  readonly at: string
  /** True if the page shows values of records: raw text, messages that may quote it, most frequent values. */
  readonly showsValues: boolean
  /** Dataset-days of the execution, in the order of the summary. */
  readonly days: readonly ReportDay[]
  /** Columns with profiles, by dataset name, then in the order of the table. */
  readonly columns: readonly ColumnHistory[]
  /** Number of columns that are not shown because there are too many. */
  readonly columnsLeft: number
  /** Differences between the files that readers see and the manifests. @default they were not compared */
  readonly findings?: readonly ReportFinding[]
  /** Cost of the execution. @default the one in the summary */
  readonly cost?: RunCost
}

/** A dataset-day of an execution, with what the ledger says of it now. */
export interface ReportDay {
  /** Outcome that the execution reported. */
  readonly outcome: DayOutcome
  readonly present: Present
  /** Totals of the published generation. @default nothing is published, or they were not read */
  readonly totals?: Totals
  /** Check results of the published generation; empty if there is none. */
  readonly checks: readonly CheckResult[]
  /** Differences between the values of the published generation and those of the days before. */
  readonly drifts: readonly Drift[]
  /** Some of the day's rejected records; empty if the page shows no values. */
  readonly examples: readonly Reject[]
}

/**
 * True if the execution found or left a day failed. The examples of its rejected records are then those of its last
 * attempt, not of the published generation.
 */
export const showsAttempt = ({ status }: DayOutcome): boolean => status === 'failed' || status === 'stuck'

/**
 * Returns the totals of the generation that an execution reported: from its outcome, or from the ledger if that has the
 * same generation still. Undefined if it reported none, or they are unknown.
 */
export const reportedTotals = ({ outcome, present, totals }: ReportDay): Totals | undefined =>
  outcome.totals ?? (present.state === 'same' ? totals : undefined)

/**
 * State of a day in the ledger now. `same`: what the execution reported. `other`: another generation. `gone`: nothing
 * is published, though the execution reported a generation. `none`: nothing is published, as reported. `unreadable`:
 * the manifest cannot be read. `unknown`: it was not read.
 */
export type Present =
  | { readonly state: 'same' | 'gone' | 'none' | 'unknown' }
  | { readonly state: 'other'; readonly generation: number; readonly rows: number }
  | { readonly state: 'unreadable'; readonly problem: string }

/** A column of a dataset with its numbers on the days of an execution, and on up to seven days before. */
export interface ColumnHistory {
  readonly dataset: string
  readonly name: string
  /** One per day with a profile, in the order of the days; at least one. */
  readonly points: readonly ColumnPoint[]
  /** Profile on the day of the last point. */
  readonly last: ColumnProfile
}

/** Numbers of a column on one day, for plots. */
export interface ColumnPoint {
  readonly date: string
  /** Number of rows of the day. */
  readonly rows: number
  /** Number of null values. */
  readonly nulls: number
  /** Estimated number of different values. */
  readonly distinct: number
  /** Mean of the values; for booleans, the share of true. @default values of the type have no mean */
  readonly mean?: number
  /** Quantiles 0.1, 0.5 and 0.9. @default values of the type are not ordered like numbers */
  readonly spread?: readonly [low: number, middle: number, high: number]
}

/** A difference between the files that readers see and a manifest. */
export interface ReportFinding extends DatasetDay {
  /** Kind of the difference, in one or two words. */
  readonly kind: string
  /** Key of the object, or of the published folder with a slash at its end. */
  readonly key: string
  /** Expectation and finding, as the end of a sentence. */
  readonly finding: string
}
