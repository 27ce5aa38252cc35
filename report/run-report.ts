import type { CheckResult } from '../core/checks.ts'
import type { Drift } from '../core/drift.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import type { DayOutcome, RunCost, Summary } from '../core/messages.ts'
import type { ColumnProfile } from '../core/profile.ts'
import type { Reject } from '../core/rejects.ts'

/** The data of a page about an execution: the same data gives the same bytes. */
export interface RunReport {
  readonly summary: Summary
  /** ISO time at which the ledger was read. */
  readonly at: string
  /** True shows values of records: raw text, messages that may quote it, most frequent values. */
  readonly showsValues: boolean
  /** In the order of the summary. */
  readonly days: readonly ReportDay[]
  /** By dataset name, then in the order of the table's columns. */
  readonly columns: readonly ColumnHistory[]
  /** Number of columns that are left out because there are too many. */
  readonly columnsLeft: number
  /** Differences between shown files and manifests. @default nobody has looked */
  readonly findings?: readonly ReportFinding[]
  /** @default the summary's */
  readonly cost?: RunCost
}

/** A dataset-day of an execution, and what its ledger says now. */
export interface ReportDay {
  readonly outcome: DayOutcome
  readonly present: Present
  /** Of the published generation; empty if there is none. */
  readonly checks: readonly CheckResult[]
  /** Differences between the values of the published generation and those of the days before. */
  readonly drifts: readonly Drift[]
  /** Some of the rejected records. */
  readonly examples: readonly Reject[]
}

/**
 * State of a day in the ledger now. `same`: as the execution reported. `other`: another generation. `gone`: nothing,
 * though the execution reported a generation. `unreadable`: the manifest cannot be read. `unknown`: nobody has looked.
 * `none`: nothing, as reported.
 */
export type Present =
  | { readonly state: 'same' | 'gone' | 'none' | 'unknown' }
  | { readonly state: 'other'; readonly generation: number; readonly rows: number }
  | { readonly state: 'unreadable'; readonly problem: string }

/** A column of a dataset over the days of an execution, and up to seven before. */
export interface ColumnHistory {
  readonly dataset: string
  readonly name: string
  /** In the order of the days; at least one. */
  readonly points: readonly ColumnPoint[]
  /** Profile on the day of the last point. */
  readonly last: ColumnProfile
}

/** Numbers of a column on one day, for the plots. */
export interface ColumnPoint {
  readonly date: string
  readonly rows: number
  readonly nulls: number
  readonly distinct: number
  /** For booleans the share of true. */
  readonly mean?: number
  /** The 0.1, 0.5 and 0.9 quantiles of values that are ordered like numbers. */
  readonly spread?: readonly [low: number, middle: number, high: number]
}

/** A difference between shown files and a manifest. */
export interface ReportFinding extends DatasetDay {
  readonly kind: string
  readonly key: string
  readonly finding: string
}
